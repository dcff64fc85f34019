/**
 * Lands tables of a PostgreSQL database as Parquet, one commit per date. Values are read as text and converted exactly
 * or not at all.
 */
package dev.igarape.jobs.landing.jdbc;
