/**
 * Avro's binary encoding below the level of records: a writer that can reorder, a decoder that checks lengths, defaults
 * of fields. Depends on Avro only.
 */
package dev.igarape.wire.avro;
