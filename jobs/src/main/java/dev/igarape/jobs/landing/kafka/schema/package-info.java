/** Merges the writer schemas of a table into one reader schema, and looks writer schemas up in the registry. */
package dev.igarape.jobs.landing.kafka.schema;
