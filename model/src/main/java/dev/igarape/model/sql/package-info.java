/**
 * SQL as text: placeholders for dates, identifiers, and the interface of the parser, which the jobs implement with
 * Spark's grammar so that this module needs no Spark.
 */
package dev.igarape.model.sql;
