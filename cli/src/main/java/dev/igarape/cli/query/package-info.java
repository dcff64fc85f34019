/** Queries to Trino, and the formats of their results. */
package dev.igarape.cli.query;
