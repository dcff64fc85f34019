/** Commands about a project's definitions: new, compile, test. */
package dev.igarape.cli.command.project;
