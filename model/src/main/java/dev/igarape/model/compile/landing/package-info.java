/** The {@code landing} of a table: Kafka, HTTP, files and JDBC sources, and the Avro schema beside them. */
package dev.igarape.model.compile.landing;
