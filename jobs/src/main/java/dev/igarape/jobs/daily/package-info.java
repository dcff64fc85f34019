/**
 * Builds daily tables: runs a table's SQL over the committed inputs of a date, checks expectations, and writes Parquet
 * by date.
 */
package dev.igarape.jobs.daily;
