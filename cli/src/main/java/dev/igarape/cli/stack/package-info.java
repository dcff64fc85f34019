/**
 * The local stack as a whole: starts, stops and shows its servers, and writes the configuration of their clients. The
 * servers are in {@code stack.server}.
 */
package dev.igarape.cli.stack;
