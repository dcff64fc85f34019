/** Runs the jobs' jar. What it takes and prints is in {@link dev.igarape.model.job}. */
package dev.igarape.cli.jobs;
