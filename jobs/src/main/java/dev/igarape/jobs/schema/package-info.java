/**
 * Checks a new version of a topic's schema before it is registered, against the registry and against Spark, Hive and
 * Trino on a scratch table.
 */
package dev.igarape.jobs.schema;
