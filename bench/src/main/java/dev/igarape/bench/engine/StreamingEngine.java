package dev.igarape.bench.engine;

import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.ClickTopic;
import dev.igarape.bench.stream.Engine;
import dev.igarape.bench.stream.WindowsTable;
import dev.igarape.jobs.ledger.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Spark Structured Streaming with the live service's memory, and code that is compiled for speed.
 *
 * @param bench the jar with {@link StructuredStreaming}
 * @param trigger the time between the beginnings of two batches, as Spark writes it
 */
public record StreamingEngine(
        String name, SparkSubmit submit, ScratchTarget scratch, Path folder, Path bench, String trigger)
        implements Engine {
    private static final String TABLE = "clickstream_windows";

    @Override
    public Running start(ClickTopic topic) throws Exception {
        scratch.clear();
        String windows = scratch.folder(TABLE);
        WindowsTable table =
                new WindowsTable(scratch, scratch.target().prefix() + "gold." + TABLE, StreamingEngine::partitions);
        create(table, windows);
        Path ready = folder.resolve(topic.name() + ".ready");
        // The jobs' archive of classes fits the jobs' classpath only.
        String options = submit.optionsForSpeed().replaceAll("-XX:SharedArchiveFile=\\S+", "");
        List<String> arguments = List.of(
                "--conf",
                "spark.eventLog.enabled=false",
                "--conf",
                "spark.driver.extraJavaOptions=" + options,
                "--driver-class-path",
                submit.jar() + ":" + bench,
                "--driver-memory",
                "2g",
                "--class",
                StructuredStreaming.class.getName(),
                bench.toString(),
                StructuredStreaming.BOOTSTRAP,
                scratch.target().kafka().get("bootstrap.servers"),
                StructuredStreaming.TOPIC,
                topic.name(),
                StructuredStreaming.SCHEMA,
                ClickTopic.SCHEMA.toString(),
                StructuredStreaming.FOLDER,
                windows,
                StructuredStreaming.CHECKPOINT,
                scratch.folder("checkpoint"),
                StructuredStreaming.TRIGGER,
                trigger,
                StructuredStreaming.READY,
                ready.toString());
        EngineProcess process = EngineProcess.start(
                submit.process(arguments), folder.resolve(topic.name() + ".log"), () -> Files.exists(ready));
        return new RunningQuery(process, scratch, table);
    }

    /**
     * Creates the table with the partitions of yesterday to tomorrow, so that its files are visible as soon as they are there.
     * Older windows are behind the watermark.
     */
    private void create(WindowsTable table, String windows) throws SQLException, IOException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (int day = -1; day <= 1; day++) {
            scratch.files().mkdirs(new org.apache.hadoop.fs.Path(windows, "start_date=" + today.plusDays(day)));
        }
        String schema = table.name().substring(0, table.name().indexOf('.'));
        try (Connection trino = scratch.connect();
                Statement statement = trino.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
            statement.execute("""
                    CREATE TABLE %s (window_start timestamp(6), start_time varchar, event_name varchar, page varchar,
                      username varchar, events bigint, start_date varchar)
                    WITH (external_location = '%s', format = 'PARQUET', partitioned_by = ARRAY['start_date'])
                    """.formatted(table.name(), windows));
            statement.execute("CALL system.sync_partition_metadata('%s', '%s', 'ADD')".formatted(schema, TABLE));
        }
    }

    private static String partitions(List<TimeRange> times) {
        return WindowsTable.dates(times).stream()
                .map(date -> "'" + date + "'")
                .collect(Collectors.joining(", ", "start_date IN (", ")"));
    }

    private record RunningQuery(EngineProcess process, ScratchTarget scratch, WindowsTable table) implements Running {
        @Override
        public double cpuSeconds() throws IOException {
            return process.cpuSeconds();
        }

        @Override
        public long commits() {
            return 0;
        }

        @Override
        public void close() throws Exception {
            process.close();
            scratch.clear();
        }
    }
}
