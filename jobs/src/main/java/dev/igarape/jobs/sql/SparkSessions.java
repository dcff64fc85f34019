package dev.igarape.jobs.sql;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Spark session settings of Igarapé's jobs; all other settings come from {@code spark-submit}. */
public final class SparkSessions {
    /**
     * Settings that every session that reads or writes tables of the lake needs: what values mean, how rows are counted, and Delta
     * tables.
     */
    private static final Map<String, String> TABLE_SETTINGS = Map.ofEntries(
            Map.entry("spark.sql.session.timeZone", "UTC"),
            Map.entry("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS"),
            // Dates before 1582-10-15 and timestamps before 1900 in the proleptic Gregorian calendar, as in other
            // engines (SPARK-31405).
            Map.entry("spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED"),
            Map.entry("spark.sql.parquet.datetimeRebaseModeInWrite", "CORRECTED"),
            Map.entry("spark.sql.parquet.int96RebaseModeInRead", "CORRECTED"),
            Map.entry("spark.sql.parquet.int96RebaseModeInWrite", "CORRECTED"),
            Map.entry("spark.sql.avro.datetimeRebaseModeInRead", "CORRECTED"),
            Map.entry("spark.sql.avro.datetimeRebaseModeInWrite", "CORRECTED"),
            // java.sql.Date and Timestamp use the old calendar and the machine's time zone.
            Map.entry("spark.sql.datetime.java8API.enabled", "true"),
            // The default makes 50 tasks to list the files of a Delta table.
            Map.entry("spark.databricks.delta.snapshotPartitions", "2"),
            // Delta 3.3 keeps a list of all files beside each version, which it reads nowhere. Where the session's time
            // zone is not UTC, it replays the log after each commit to compare that list.
            Map.entry("spark.databricks.delta.allFilesInCrc.enabled", "false"),
            // Where no row is left behind a shuffle, this rule takes the plan before it out, and with it the counts of
            // an observation, for which its reader then waits forever (SPARK-54620).
            Map.entry(
                    "spark.sql.adaptive.optimizer.excludedRules",
                    "org.apache.spark.sql.execution.adaptive.AQEPropagateEmptyRelation"),
            // Current and history tables are Delta tables.
            Map.entry("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension"),
            Map.entry("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog"));

    private SparkSessions() {}

    /**
     * A session for a run that ends.
     *
     * @throws LakeException USAGE if Spark refuses a setting
     */
    public static SparkSession start(String runId) {
        return started(builder(runId));
    }

    /**
     * A session for a process that stays: Spark keeps little in memory about jobs that have ended, and has run a first query, so
     * that the next one does not wait for its classes.
     */
    public static SparkSession startResident(String runId) {
        SparkSession session = started(builder(runId)
                // Runs that are handed over share the cores with the process's own steps.
                .config("spark.scheduler.mode", "FAIR")
                .config("spark.ui.retainedJobs", 20)
                .config("spark.ui.retainedStages", 20)
                .config("spark.ui.retainedTasks", 200)
                .config("spark.sql.ui.retainedExecutions", 20));
        session.sql("SELECT id % 2 AS odd, count(*) AS numbers FROM range(10) GROUP BY 1")
                .collectAsList();
        return session;
    }

    private static SparkSession started(SparkSession.Builder builder) {
        try {
            return builder.getOrCreate();
        } catch (IllegalArgumentException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Spark does not start with its settings: %s. Correct them where spark-submit has them from (--conf, spark-defaults.conf)."
                            .formatted(String.valueOf(e.getMessage()).replaceFirst("[.\\s]+$", "")),
                    e);
        }
    }

    private static SparkSession.Builder builder(String runId) {
        SparkSession.Builder builder = withTableSettings(SparkSession.builder());
        if (System.getProperty("spark.master", "").startsWith("local")) {
            // In local mode tasks run in this process: a StackOverflowError must fail the build, not end the program.
            builder.config("spark.executor.killOnFatalError.depth", 0);
        }
        return builder.appName("igarape " + runId)
                // Inputs are resolved from the ledger and the publisher calls the metastore: Spark needs no Hive
                // catalog.
                .config("spark.sql.catalogImplementation", "in-memory")
                .config("spark.sql.parquet.compression.codec", "zstd")
                .config("spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs", "false")
                .config("spark.hadoop.dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5")
                .config("spark.hadoop.dfs.client.block.write.locateFollowingBlock.retries", "10");
    }

    /** Adds the settings that every session on tables of the lake needs. */
    public static SparkSession.Builder withTableSettings(SparkSession.Builder builder) {
        TABLE_SETTINGS.forEach(builder::config);
        return builder;
    }
}
