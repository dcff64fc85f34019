/**
 * Lands Kafka topics without decoding: each record's payload is checked to be whole and copied, behind a few envelope
 * fields, into an Avro file of its date and writer schema.
 */
package dev.igarape.jobs.landing.kafka.copy;
