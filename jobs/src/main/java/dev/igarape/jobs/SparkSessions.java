package dev.igarape.jobs;

import org.apache.spark.sql.SparkSession;

/** How Igarapé's jobs set up Spark; the rest comes from {@code spark-submit}. */
final class SparkSessions {
    private SparkSessions() {}

    static SparkSession start(String runId) {
        return SparkSession.builder()
                .appName("igarape " + runId)
                // Inputs come from the ledger and the publisher talks to the metastore: Spark needs no Hive.
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.parquet.compression.codec", "zstd")
                .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
                .config("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                .config("spark.hadoop.dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5")
                .getOrCreate();
    }
}
