package dev.igarape.jobs.sql;

import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** How Igarapé's jobs set up Spark; the rest comes from {@code spark-submit}. */
public final class SparkSessions {
    /** What decides what values mean; a session that reads or writes tables of the lake needs all of it. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("spark.sql.session.timeZone", "UTC"),
            Map.entry("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS"),
            // Days before 1582-10-15 and moments before 1900 as all other engines count them (SPARK-31405).
            Map.entry("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED"),
            Map.entry("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED"),
            Map.entry("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED"),
            Map.entry("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED"),
            Map.entry("spark.sql.avro.datetimeRebaseModeInRead", "CORRECTED"),
            Map.entry("spark.sql.avro.datetimeRebaseModeInWrite", "CORRECTED"),
            // java.sql.Date and Timestamp count old days otherwise, and in the zone of the machine.
            Map.entry("spark.sql.datetime.java8API.enabled", "true"));

    private SparkSessions() {}

    public static SparkSession start(String runId) {
        SparkSession.Builder builder = withValues(SparkSession.builder());
        if (System.getProperty("spark.master", "").startsWith("local")) {
            // Tasks run in this process: an expression that is too deep must fail the build, not end the program.
            builder.config("spark.executor.killOnFatalError.depth", 0);
        }
        return builder.appName("igarape " + runId)
                // Inputs come from the ledger and the publisher talks to the metastore: Spark needs no Hive.
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.parquet.compression.codec", "zstd")
                .config("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                .config("spark.hadoop.dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5")
                .getOrCreate();
    }

    /** The same builder, with the settings that decide what dates and timestamps mean. */
    public static SparkSession.Builder withValues(SparkSession.Builder builder) {
        VALUES.forEach(builder::config);
        return builder;
    }
}
