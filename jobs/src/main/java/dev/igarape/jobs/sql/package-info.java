/**
 * Spark SQL: the parser that the compiler uses, queries over given inputs, session settings, and rules about column
 * types. Depends on no other package of jobs.
 */
package dev.igarape.jobs.sql;
