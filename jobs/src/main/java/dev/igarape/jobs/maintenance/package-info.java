/**
 * Maintenance actions on tables: repair after failed runs, rollback, compaction, retention, cleanup of old files, and
 * backups of ledgers. Changes to data are made by commits.
 */
package dev.igarape.jobs.maintenance;
