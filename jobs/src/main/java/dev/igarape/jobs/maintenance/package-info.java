/** Keeps tables whole, small and young: repair, rollback, compaction, retention and cleaning, each by a commit. */
package dev.igarape.jobs.maintenance;
