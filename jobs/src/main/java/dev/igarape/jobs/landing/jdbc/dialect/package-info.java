/** What kinds of databases have in common for a landing, and in which they differ: driver, settings, SQL and types. */
package dev.igarape.jobs.landing.jdbc.dialect;
