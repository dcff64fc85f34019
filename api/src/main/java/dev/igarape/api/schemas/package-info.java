/** {@code /v1/schemas}: registration and lookup of Avro schemas in the registry. */
package dev.igarape.api.schemas;
