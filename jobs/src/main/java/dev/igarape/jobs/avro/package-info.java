/**
 * Avro at the level of bytes: encoding, block compression, block-wise copies of files, and the column types that Spark
 * and Hive use. Depends on no other package of jobs.
 */
package dev.igarape.jobs.avro;
