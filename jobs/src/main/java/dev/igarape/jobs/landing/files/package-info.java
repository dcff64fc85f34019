/**
 * Lands files of a folder, each once, as Avro with a batch partition for each file. landing.files.content reads what a
 * file holds.
 */
package dev.igarape.jobs.landing.files;
