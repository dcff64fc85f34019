/** Avro data without decoding: proving that a datum is whole, dating it, and the schema of what is landed. */
package dev.igarape.jobs.landing.kafka.datum;
