/** Kafka serializers and deserializers in Confluent's wire format, with the settings of Confluent's own. */
package dev.igarape.wire.serde;
