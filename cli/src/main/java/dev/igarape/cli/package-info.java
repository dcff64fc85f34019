/**
 * The command line {@code ./lake}. {@link dev.igarape.cli.Lake} lists the commands; each is a class of its own in a
 * package below {@code command}. No other package depends on this one.
 */
package dev.igarape.cli;
