/**
 * Building blocks over Hadoop's file system: files that are written atomically, sizes of data folders, JSON checks and
 * the Avro schema of quarantine files. Depends on no other package of jobs.
 */
package dev.igarape.jobs.storage;
