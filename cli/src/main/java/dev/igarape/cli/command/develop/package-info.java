/** Commands for developers of the lake itself: docs, bench, completion. */
package dev.igarape.cli.command.develop;
