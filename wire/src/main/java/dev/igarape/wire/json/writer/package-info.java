/**
 * Writers of JSON values as Avro data, one for each type of a schema, compiled once. The engine of
 * {@link dev.igarape.wire.json.JsonToAvro}.
 */
package dev.igarape.wire.json.writer;
