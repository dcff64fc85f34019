/** What the servers' configuration is made of: ports, credentials and templates. */
package dev.igarape.cli.stack.config;
