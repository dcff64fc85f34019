/** Writes encoded records to Avro files by date and schema, with a bounded number of open files. */
package dev.igarape.jobs.landing.kafka.output;
