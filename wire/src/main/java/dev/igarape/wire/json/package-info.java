/** Converters between JSON documents and Avro data, both ways, without silent loss. */
package dev.igarape.wire.json;
