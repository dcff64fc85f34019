/**
 * The platform's own tables in the schema {@code ops}: commits, expectations, freshness and runs, written after each
 * run. A failure here never fails a run.
 */
package dev.igarape.jobs.ops;
