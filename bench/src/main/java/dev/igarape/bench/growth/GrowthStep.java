package dev.igarape.bench.growth;

/**
 * A step of all tables: from clicks in the topic to windows that readers see.
 *
 * @param rows of the topic before it
 * @param bytesRead from HDFS, by Spark's tasks and for ledgers
 */
record GrowthStep(long rows, double seconds, long bytesRead) {}
