/** A client of the schema registry, by Confluent's REST API: cached, retried, failing over between servers. */
package dev.igarape.wire.registry;
