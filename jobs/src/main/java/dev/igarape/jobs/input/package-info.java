/**
 * Tables as inputs of others. One with dates shows what it has, by date and commit ({@link
 * dev.igarape.jobs.input.InputVersions}), and its rows ({@link dev.igarape.jobs.input.InputRows}); one without dates its
 * versions ({@link dev.igarape.jobs.input.SnapshotVersions}) and the rows of each ({@link
 * dev.igarape.jobs.input.SnapshotInput}). Plans, builds and tests know inputs by these alone.
 */
package dev.igarape.jobs.input;
