/**
 * Avro and JSON values as bytes: validates a value and reads its event time without decoding it, and defines the
 * envelope schema of landed records.
 */
package dev.igarape.jobs.landing.kafka.datum;
