/** Commands about data and schemas: query, topic, schema, spam. */
package dev.igarape.cli.command.data;
