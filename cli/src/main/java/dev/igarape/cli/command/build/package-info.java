/** Commands that plan and build tables: plan, run, backfill. */
package dev.igarape.cli.command.build;
