/** Ports, credentials and templates of the servers' configuration. */
package dev.igarape.cli.stack.config;
