/** Kafka's topics from the command line: reading and formatting messages, generating load. */
package dev.igarape.cli.topic;
