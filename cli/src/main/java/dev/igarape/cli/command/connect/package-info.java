/** {@code ./lake connect}. */
package dev.igarape.cli.command.connect;
