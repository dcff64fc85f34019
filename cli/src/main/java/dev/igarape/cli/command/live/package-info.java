/** The commands of the live service: start, status, stop. */
package dev.igarape.cli.command.live;
