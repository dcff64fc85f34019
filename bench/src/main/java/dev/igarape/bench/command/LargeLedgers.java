package dev.igarape.bench.command;

import dev.igarape.bench.harness.MadeUpCommits;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.Manifest;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.sql.SqlParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Generated ledgers of two tables, {@code raw.visits} and {@code trusted.visits}, with many dates, two in a commit,
 * and then a late row in one old date ({@link MadeUpCommits}).
 */
final class LargeLedgers {
    private static final int LATE = 321;
    private static final Map<String, String> COLUMNS = Map.of("body", "string");
    private static final TableName RAW = TableName.parse("raw.visits");
    private static final TableName TRUSTED = TableName.parse("trusted.visits");

    private final Path project;
    private final Clock clock;
    private final int dates;
    private final LocalDate first;

    /** @param project a folder that gets the definitions */
    LargeLedgers(Path project, Clock clock, int dates) {
        this.project = project;
        this.clock = clock;
        this.dates = dates;
        this.first = LocalDate.now(clock.withZone(ZoneOffset.UTC)).minusDays(dates);
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
            MadeUpCommits.write(lake, lake.table(RAW), List.of(), COLUMNS, first, dates);
            MadeUpCommits.write(lake, lake.table(TRUSTED), List.of(RAW), Map.of("page", "string"), first, dates);
            MadeUpCommits.addLate(lake, lake.table(RAW), COLUMNS, first.plusDays(LATE));
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
}
