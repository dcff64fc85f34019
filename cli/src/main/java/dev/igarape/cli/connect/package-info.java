/** Kafka Connect's connectors: the files that define them, their state, and the replication slots that they read. */
package dev.igarape.cli.connect;
