package dev.igarape.bench.engine;

import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.WindowsTable;
import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.model.CommitRule;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.Json;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;

/**
 * The project's pipeline {@code clickstream} up to its windows, on another topic and a scratch target.
 *
 * @param commit of the landing
 * @param byInterval whether the tables have their intervals, or are computed by whole dates
 */
public record ClickTables(Optional<CommitRule> commit, boolean byInterval) {
    private static final String PIPELINE = "clickstream";
    private static final TableName WINDOWS = TableName.parse("gold.clickstream_windows");
    /** In build order. */
    public static final List<TableName> TABLES =
            List.of(TableName.parse("raw.appclickstream"), TableName.parse("trusted.appclickstream"), WINDOWS);

    /** Of the windows, as the pipeline declares it. */
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    /** By intervals, landed as soon as something comes. */
    public static final ClickTables CONTINUOUS = new ClickTables(Optional.empty(), true);

    /** As the option {@code --tables} takes them. */
    static String names() {
        return TABLES.stream().map(TableName::toString).collect(Collectors.joining(","));
    }

    /** Writes the manifest of these tables, made from the project's. */
    public Path manifest(Path project, String topic, Path folder) throws IOException {
        Manifest shipped = Json.mapper().readValue(project.toFile(), Manifest.class);
        Pipeline pipeline = shipped.pipeline(PIPELINE).orElseThrow(ClickTables::missing);
        List<Table> tables = pipeline.tables().stream()
                .filter(table -> TABLES.contains(table.name()))
                .map(table -> with(table, definition(table.definition(), topic)))
                .toList();
        if (tables.size() < TABLES.size()) {
            throw missing();
        }
        Optional<Duration> declared =
                shipped.table(WINDOWS).orElseThrow().definition().interval();
        if (!declared.equals(Optional.of(INTERVAL))) {
            throw new IllegalStateException(
                    WINDOWS + " is queried by intervals of " + INTERVAL + ", and has " + declared);
        }
        Pipeline ours = new Pipeline(
                pipeline.name(),
                pipeline.description(),
                pipeline.owner(),
                pipeline.schedule(),
                pipeline.startDate(),
                pipeline.timezone(),
                pipeline.tags(),
                tables);
        Path file = Files.createDirectories(folder).resolve(topic + ".json");
        Json.mapper().writeValue(file.toFile(), new Manifest(shipped.version(), List.of(ours)));
        return file;
    }

    private static LakeException missing() {
        return new LakeException(
                ExitCode.USAGE,
                "The project has no pipeline " + PIPELINE + " with " + names()
                        + ". Run the benchmark in the project that is shipped.");
    }

    private Definition definition(Definition definition, String topic) {
        if (definition instanceof LandingDefinition landing && landing.source() instanceof Source.Kafka kafka) {
            return new LandingDefinition(
                    new Source.Kafka(
                            List.of(topic),
                            kafka.start(),
                            kafka.format(),
                            kafka.eventTime(),
                            kafka.partitionBy(),
                            kafka.tombstones()),
                    commit);
        }
        if (definition instanceof DailyDefinition daily && !byInterval) {
            return new DailyDefinition(daily.sql(), daily.time(), Optional.empty());
        }
        return definition;
    }

    private static Table with(Table table, Definition definition) {
        return new Table(
                table.name(),
                table.description(),
                definition,
                table.columns(),
                table.inputs(),
                table.expectations(),
                table.retention(),
                table.waitFor(),
                table.allRefused(),
                table.definitionHash());
    }

    /** The windows, as Trino shows them. */
    WindowsTable windows(ScratchTarget scratch) {
        return new WindowsTable(scratch, windowsName(scratch), this::partitions);
    }

    private String partitions(List<TimeRange> times) {
        return WindowsTable.dates(times).stream()
                .map(date -> {
                    String whole = "date = DATE '" + date + "'";
                    return byInterval ? whole + " AND interval IN (" + labels(date, times) + ")" : whole;
                })
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String labels(LocalDate date, List<TimeRange> times) {
        // A date that is over may have been put into one partition.
        return Stream.concat(
                        Stream.of("all"),
                        new Intervals(INTERVAL, ZoneOffset.UTC)
                                .overlapping(date, times).stream().map(Interval::label))
                .map(label -> "'" + label + "'")
                .collect(Collectors.joining(", "));
    }

    /** The name of the windows in Trino. */
    public static String windowsName(ScratchTarget scratch) {
        return scratch.target().prefix() + WINDOWS;
    }

    /** How many commits the ledgers of these tables have. */
    static long commits(ScratchTarget scratch) throws IOException {
        long commits = 0;
        for (TableName table : TABLES) {
            FileStatus[] entries = scratch.files()
                    .globStatus(new org.apache.hadoop.fs.Path(scratch.target().ledgerFolder(table), "*.json"));
            commits += entries == null ? 0 : entries.length;
        }
        return commits;
    }
}
