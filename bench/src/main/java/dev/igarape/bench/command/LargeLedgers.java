package dev.igarape.bench.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.model.Json;
import dev.igarape.model.Manifest;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.sql.SqlParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Generated ledgers of two tables, {@code raw.visits} and {@code trusted.visits}, with 10,000 dates by 5,000 commits each
 * and then a late row in one old date. There are no data behind them, since building those would take days.
 */
final class LargeLedgers {
    static final int DATES = 10_000;

    private static final int DATES_PER_COMMIT = 2;
    private static final int COMMITS = DATES / DATES_PER_COMMIT;
    private static final int FILES = 10;
    private static final int ROWS = 1_000;
    private static final int LATE = 4_321;
    private static final TableName RAW = TableName.parse("raw.visits");
    private static final TableName TRUSTED = TableName.parse("trusted.visits");

    private final Path project;
    private final Clock clock;
    private final LocalDate first;

    /** @param project a folder that gets the definitions */
    LargeLedgers(Path project, Clock clock) {
        this.project = project;
        this.clock = clock;
        this.first = LocalDate.now(clock.withZone(ZoneOffset.UTC)).minusDays(DATES);
    }

    /** Writes the ledgers on each of these targets, which the project declares under the names of {@link #name}. */
    void write(List<ScratchTarget> targets) throws IOException {
        Path pipeline = Files.createDirectories(project.resolve("pipelines/visits"));
        Files.writeString(pipeline.resolve("pipeline.yaml"), """
                pipeline: visits
                owner: bench
                schedule: "@daily"
                start_date: %s
                tables:
                  raw.visits:
                    landing: {http: {url: "http://127.0.0.1/visits"}}
                  trusted.visits:
                    daily: {sql: visits.sql}
                """.formatted(first));
        Files.writeString(
                pipeline.resolve("visits.sql"), "SELECT body AS page FROM raw.visits WHERE date = {run_date}\n");
        StringBuilder declared = new StringBuilder();
        for (ScratchTarget target : targets) {
            declared.append("%s: {extends: local, prefix: %s, root: %s}%n"
                    .formatted(
                            name(target),
                            target.target().prefix(),
                            target.target().root()));
        }
        Files.writeString(project.resolve("targets.yaml"), declared);
        Manifest manifest =
                new ProjectCompiler(SqlParser.load()).compile(project).orThrow();
        for (ScratchTarget target : targets) {
            Lake lake = target.lake(manifest, clock);
            write(lake, lake.table(RAW));
            write(lake, lake.table(TRUSTED));
            Ledger ledger = lake.ledger(RAW);
            Commit late = draft(lake, lake.table(RAW), List.of(first.plusDays(LATE)), List.of());
            ledger.commit(late, ledger.read());
        }
    }

    /** The name by which the project declares a target: its prefix without the last underscore. */
    static String name(ScratchTarget target) {
        return target.target().prefix().replaceFirst("_$", "");
    }

    /** Deletes the snapshots, so that a reader has to read all commits. */
    static void deleteSnapshots(ScratchTarget target) throws IOException {
        FileSystem files = target.files();
        for (TableName table : List.of(RAW, TRUSTED)) {
            org.apache.hadoop.fs.Path ledger =
                    new org.apache.hadoop.fs.Path(target.target().ledgerFolder(table));
            for (FileStatus file : files.globStatus(new org.apache.hadoop.fs.Path(ledger, "*.snapshot"))) {
                files.delete(file.getPath(), false);
            }
        }
    }

    private void write(Lake lake, Table table) throws IOException {
        Ledger ledger = lake.ledger(table.name());
        Instant now = clock.instant();
        LongStream.range(1, COMMITS).parallel().forEach(number -> {
            // What a ledger writes, without its look at the commits before.
            ObjectNode commit = Json.mapper().valueToTree(draft(lake, table, dates(number), List.of(number)));
            commit.put("sequence", number).put("committed_at", now.toString());
            try {
                ledger.restore(number, Json.mapper().writeValueAsBytes(commit));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        // Comes with the snapshot of all of them.
        ledger.commit(draft(lake, table, dates(COMMITS), List.of((long) COMMITS)), ledger.read());
    }

    private List<LocalDate> dates(long commit) {
        long day = (commit - 1) * DATES_PER_COMMIT;
        return LongStream.range(day, day + DATES_PER_COMMIT)
                .mapToObj(first::plusDays)
                .toList();
    }

    private static Commit draft(Lake lake, Table table, List<LocalDate> dates, List<Long> landings) {
        String id = lake.newCommitId();
        boolean landed = table.name().equals(RAW);
        List<PartitionVersion> partitions = new ArrayList<>();
        List<DateBuild> builds = new ArrayList<>();
        for (LocalDate date : dates) {
            partitions.add(new PartitionVersion(date, Optional.empty(), id + "/date=" + date, FILES, ROWS, 1L << 30));
            builds.add(new DateBuild(
                    date,
                    landed ? Map.of() : Map.of(RAW, SequenceSet.of(landings)),
                    true,
                    Balance.landed(ROWS, ROWS, 0),
                    List.of()));
        }
        long rows = (long) ROWS * dates.size();
        return lake.draft(table, id, landed ? Operation.LAND : Operation.BUILD)
                .columns(Map.of(landed ? "body" : "page", "string"))
                .dates(builds)
                .partitions(partitions)
                .balance(Balance.landed(rows, rows, 0))
                .build();
    }
}
