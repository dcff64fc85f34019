/**
 * Looks at tables for people on call: from ledgers, logs of Delta tables and the metastore. Reads no rows and changes nothing.
 */
package dev.igarape.jobs.inspect;
