/**
 * Publishes committed versions in the Hive metastore: the commit loop with its retries, layouts of tables, leases between
 * publishers, and the calls that add, flip and drop partitions.
 *
 * <p>Depends on {@code ledger}; landings, builds and maintenance commit through {@link
 * dev.igarape.jobs.publish.CommitLoop}.
 */
package dev.igarape.jobs.publish;
