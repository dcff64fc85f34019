/**
 * What the commands share: their context, and the options {@code --project}, {@code --target} and {@code --output}.
 * The commands are in the packages below, grouped as {@code ./lake --help} lists them.
 */
package dev.igarape.cli.command;
