/**
 * Commands that maintain tables, quarantine and ledgers: repair, rollback, verify, quarantine, compact, retention, clean,
 * ledger. The jobs' jar does their work.
 */
package dev.igarape.cli.command.maintenance;
