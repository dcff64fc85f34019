/**
 * Publishes committed versions in the Hive metastore: layouts of tables, leases between publishers, and the calls that
 * add, flip and drop partitions.
 */
package dev.igarape.jobs.publish;
