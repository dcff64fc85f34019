/** Reads the rows of landed files that have a schema of their own: Avro, captures of Event Hubs, and Parquet. */
package dev.igarape.jobs.landing.files.rows;
