/** Avro schemas of topics as a project declares them: differences from the registry's, and registration. */
package dev.igarape.cli.schema;
