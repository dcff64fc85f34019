/** Rows that a rule kept out of a table: what there is, what they are, and how they get in after all. */
package dev.igarape.jobs.quarantine;
