/**
 * The commands of the fat jar, run by {@code spark-submit}. {@link dev.igarape.jobs.Main} lists them;
 * {@link dev.igarape.jobs.TableRunner} runs the landing, build or deployment of each table.
 */
package dev.igarape.jobs;
