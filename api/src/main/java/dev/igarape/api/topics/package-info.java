/**
 * {@code POST /v1/topics}: JSON records, single or in batches, converted by the topic's schema and produced to Kafka.
 */
package dev.igarape.api.topics;
