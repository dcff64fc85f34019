/**
 * SQL files of a pipeline and the checks on them: one query, deterministic in Spark's SQL; table references in Trino's.
 */
package dev.igarape.model.compile.query;
