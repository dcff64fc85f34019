/**
 * One class for each server of the local stack, by its name in {@code ./lake up --only}: how it is installed,
 * configured, launched and probed.
 */
package dev.igarape.cli.stack.server;
