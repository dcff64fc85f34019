/**
 * Tables as inputs of others: what they have, by date and commit ({@link dev.igarape.jobs.input.InputVersions}), and their
 * rows ({@link dev.igarape.jobs.input.InputRows}). Plans, builds and tests know inputs by these two alone.
 */
package dev.igarape.jobs.input;
