/**
 * Lands tables of databases as Parquet, one commit per date. Values are read as text and converted exactly or not at
 * all.
 */
package dev.igarape.jobs.landing.jdbc;
