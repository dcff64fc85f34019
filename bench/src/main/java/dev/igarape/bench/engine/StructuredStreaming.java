package dev.igarape.bench.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.avro.functions;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The rival: the clickstream as it is usually written with Spark Structured Streaming. Kafka, {@code from_avro}, windows of
 * 5 seconds with a watermark of 10, append mode, Parquet files in the folder of a metastore table.
 *
 * <p>Its settings are to its favour: as few partitions of state as there are cores, state in memory, hardly any files kept
 * of old batches, no log of events.
 */
@Command(name = "structured-streaming")
public final class StructuredStreaming implements Callable<Integer> {
    /** A batch begins when the one before is done. */
    public static final String AT_ONCE = "0 seconds";

    static final String BOOTSTRAP = "--bootstrap";
    static final String TOPIC = "--topic";
    static final String SCHEMA = "--schema";
    static final String FOLDER = "--folder";
    static final String CHECKPOINT = "--checkpoint";
    static final String READY = "--ready";
    static final String TRIGGER = "--trigger";

    private static final String WATERMARK = "10 seconds";

    @Option(names = BOOTSTRAP, required = true)
    private String bootstrap;

    @Option(names = TOPIC, required = true)
    private String topic;

    @Option(names = SCHEMA, required = true, description = "the writer's Avro schema")
    private String schema;

    @Option(names = FOLDER, required = true, description = "of the table, partitioned by start_date")
    private String folder;

    @Option(names = CHECKPOINT, required = true)
    private String checkpoint;

    @Option(names = TRIGGER, defaultValue = AT_ONCE, description = "the time between the beginnings of two batches")
    private String trigger;

    @Option(names = READY, required = true, description = "a file that is made once the query has begun")
    private Path ready;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StructuredStreaming()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        SparkSession spark = SparkSession.builder()
                .appName("structured-streaming")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.catalogImplementation", "in-memory")
                // Each partition of state is a task and a file a batch.
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.streaming.minBatchesToRetain", 2)
                .config("spark.sql.streaming.metricsEnabled", false)
                .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
                .getOrCreate();
        Dataset<Row> messages = spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", bootstrap)
                .option("subscribe", topic)
                .option("startingOffsets", "earliest")
                .load();
        Column value = functions.from_avro(
                org.apache.spark.sql.functions.expr("substring(value, 6)"), schema, Map.of("mode", "FAILFAST"));
        StreamingQuery query = messages.select(value.as("value"))
                .select("value.*")
                .withWatermark("event_time", WATERMARK)
                .groupBy(
                        org.apache.spark.sql.functions.window(
                                org.apache.spark.sql.functions.col("event_time"), "5 seconds"),
                        org.apache.spark.sql.functions.col("event_name"),
                        org.apache.spark.sql.functions.col("page"),
                        org.apache.spark.sql.functions.col("username"))
                .count()
                .selectExpr(
                        "window.start AS window_start",
                        "date_format(window.start, 'HH:mm:ss') AS start_time",
                        "event_name",
                        "page",
                        "username",
                        "count AS events",
                        "date_format(window.start, 'yyyy-MM-dd') AS start_date")
                .writeStream()
                .outputMode("append")
                .format("parquet")
                .option("path", folder)
                .option("checkpointLocation", checkpoint)
                // A batch without rows leaves no file then.
                .partitionBy("start_date")
                .trigger(Trigger.ProcessingTime(trigger))
                .start();
        Files.createFile(ready);
        query.awaitTermination();
        return 0;
    }
}
