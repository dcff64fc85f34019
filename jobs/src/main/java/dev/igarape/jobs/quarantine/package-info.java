/** Reads quarantined rows for people: counts, contents, and warnings when a rule rejected everything. */
package dev.igarape.jobs.quarantine;
