package dev.igarape.jobs.ops;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.publish.OpsPublisher;
import dev.igarape.jobs.publish.OpsPublisher.Folder;
import dev.igarape.jobs.publish.PlatformTable;
import dev.igarape.jobs.runs.FinishedRun;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Layer;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates the tables in {@code ops}: commits and expectations from the ledgers, freshness from the plan, and runs when
 * they end. Needs no Spark.
 *
 * <p>A failure here never fails a run: it is logged, and the next run of the table writes the rows.
 */
public final class Ops {
    private static final Logger LOG = LoggerFactory.getLogger(Ops.class);

    /** Commits per partition; the whole partition is rewritten for a new commit. */
    private static final long BATCH = 100;

    /** Longer than any query over these tables. */
    private static final Duration KEEP_SUPERSEDED = Duration.ofDays(1);

    /** Name of the lease for updates of the last dates of all tables. */
    private static final TableName LAST_DATES = new TableName(Layer.OPS, OpsTables.LAST_DATES.name());

    private final Lake lake;
    private final OpsPublisher publisher;

    public Ops(Lake lake, OpsPublisher publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /** An update; its failures are logged. */
    private interface Update {
        void run() throws IOException, InterruptedException;
    }

    private static void tryUpdate(String what, Update update) {
        try {
            update.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be written; the next run makes up for it", what, e);
        }
    }

    /** Records a run that ended, and new commits in the table's ledger. */
    public void finished(FinishedRun run) {
        tryUpdate("ops.runs", () -> {
            // Overwrites the record of a run that was mistaken for dead.
            rows(run).replace(fileName(run), row(run));
            publishDay(run);
        });
        Table table = lake.table(run.run().table());
        if (table.has(Trait.ROWS)) {
            tryUpdate(
                    "ops.commits of " + table.name(),
                    () -> publisher.withLease(table.name(), () -> refreshCommits(table)));
        }
    }

    /** Updates the freshness of these tables and of all tables that are built from them. */
    public void refreshFreshness(Collection<TableName> tables) {
        tryUpdate("ops.freshness", () -> {
            Map<TableName, List<OpsRow>> rows = new FreshnessRows(lake).of(tables);
            for (Map.Entry<TableName, List<OpsRow>> table : rows.entrySet()) {
                String name = table.getKey().toString();
                publisher.withLease(table.getKey(), () -> {
                    Path folder = freshFolder(OpsTables.FRESHNESS, name);
                    write(OpsTables.FRESHNESS, folder, table.getValue());
                    publisher.publish(OpsTables.FRESHNESS, Map.of(List.of(name), new Folder(folder.toString(), 0)));
                    discardSuperseded(OpsTables.FRESHNESS, name);
                });
            }
            publisher.withLease(LAST_DATES, () -> refreshLastDates(rows));
        });
    }

    /** Replaces these tables' last dates by their freshness. */
    private void refreshLastDates(Map<TableName, List<OpsRow>> rows) throws IOException {
        List<String> partition = List.of(Integer.toString(LastDates.KEPT));
        LastDates last = new LastDates(lake);
        Optional<Folder> before = Optional.ofNullable(
                publisher.published(OpsTables.LAST_DATES, partition).get(partition));
        if (before.isPresent()) {
            last.readLastDates(before.get());
        } else {
            // The lake was filled by an older version: other tables may not be built again for a long time.
            for (Map.Entry<List<String>, Folder> table :
                    publisher.published(OpsTables.FRESHNESS, List.of()).entrySet()) {
                last.readFreshness(table.getKey().get(0), table.getValue());
            }
        }
        rows.forEach((table, freshness) -> last.replace(table.toString(), freshness));
        Path folder = freshFolder(OpsTables.LAST_DATES, partition.get(0));
        write(OpsTables.LAST_DATES, folder, last.rows());
        publisher.publish(OpsTables.LAST_DATES, Map.of(partition, new Folder(folder.toString(), 0)));
        discardSuperseded(OpsTables.LAST_DATES, partition.get(0));
    }

    /** Records runs of a table that died, before the next one starts. */
    public void recordDead(TableName table) {
        tryUpdate("ops.runs of runs that died", () -> {
            for (RunLease.DeadRun dead : RunLease.deadRuns(lake, table)) {
                record(dead);
            }
        });
    }

    /** Records a dead run, unless it is recorded or has ended meanwhile. */
    public void record(RunLease.DeadRun dead) throws IOException {
        FinishedRun run = FinishedRun.of(dead);
        rows(run).create(fileName(run), row(run));
        publishDay(run);
        RunLease.remove(lake, dead);
    }

    /**
     * The folder of the run's day, to which each run adds a file; unlike other rows in {@code ops} these can't be
     * rebuilt.
     */
    private AtomicFiles rows(FinishedRun run) throws IOException {
        return new AtomicFiles(lake.hadoop(), new Path(publisher.folder(OpsTables.RUNS), "date=" + day(run)));
    }

    /** The same name whoever records the run, so that a run has one row. */
    private static String fileName(FinishedRun run) {
        return run.run().table() + "-" + run.run().id() + ".avro";
    }

    private static LocalDate day(FinishedRun run) {
        return LocalDate.ofInstant(run.run().startedAt(), ZoneOffset.UTC);
    }

    private void publishDay(FinishedRun run) throws IOException {
        List<String> values = List.of(day(run).toString());
        if (publisher.published(OpsTables.RUNS, values).isEmpty()) {
            publisher.publish(
                    OpsTables.RUNS, Map.of(values, new Folder(rows(run).folder().toString(), 0)));
        }
    }

    private static byte[] row(FinishedRun run) {
        List<LocalDate> dates = run.run().dates();
        OpsRow row = new OpsRow()
                .set("run_id", run.run().runId())
                .set("dag", run.run().dag())
                .set("dag_run_id", run.run().dagRunId())
                .set("table_name", run.run().table().toString())
                .set("first_date", dates.stream().findFirst())
                .set("last_date", dates.stream().reduce((first, second) -> second))
                .set("dates", dates.size())
                .set("started_at", run.run().startedAt())
                .set("ended_at", run.endedAt())
                .set("outcome", run.outcome())
                .set("exit_code", run.exitCode().map(ExitCode::status))
                .set("message", run.message())
                .set("warnings", run.warnings());
        return OpsRow.file(OpsTables.RUNS, List.of(row));
    }

    private void refreshCommits(Table table) throws IOException {
        Ledger ledger = lake.ledger(table.name());
        LedgerState state = ledger.read();
        String name = table.name().toString();
        Map<List<String>, Folder> shown = publisher.published(OpsTables.COMMITS, List.of(name));
        Map<List<String>, Folder> commits = new LinkedHashMap<>();
        Map<List<String>, Folder> expectations = new LinkedHashMap<>();
        Path commitFolder = freshFolder(OpsTables.COMMITS, name);
        Path expectationFolder = freshFolder(OpsTables.EXPECTATIONS, name);
        for (long first = 1; first <= state.head(); first += BATCH) {
            long last = Math.min(first + BATCH - 1, state.head());
            String batch = Long.toString(first / BATCH);
            List<String> values = List.of(name, batch);
            if (Optional.ofNullable(shown.get(values))
                    .filter(f -> f.sequence() >= last)
                    .isEmpty()) {
                List<OpsRow> commitRows = new ArrayList<>();
                List<OpsRow> expectationRows = new ArrayList<>();
                for (long sequence = first; sequence <= last; sequence++) {
                    Commit commit = ledger.commit(sequence);
                    commitRows.add(row(commit));
                    expectationRows.addAll(expectations(commit));
                }
                commits.put(values, write(OpsTables.COMMITS, new Path(commitFolder, batch), commitRows, last));
                expectations.put(
                        values,
                        write(OpsTables.EXPECTATIONS, new Path(expectationFolder, batch), expectationRows, last));
            }
        }
        if (!commits.isEmpty()) {
            // Commits are published last, because they decide what the next refresh skips.
            publisher.publish(OpsTables.EXPECTATIONS, expectations);
            publisher.publish(OpsTables.COMMITS, commits);
            discardSuperseded(OpsTables.EXPECTATIONS, name);
            discardSuperseded(OpsTables.COMMITS, name);
        }
    }

    private static OpsRow row(Commit commit) {
        // A table without partitions says by its builds which dates it has taken in.
        List<LocalDate> dates = (commit.delta().isPresent()
                        ? commit.dates().stream().map(DateBuild::date)
                        : commit.partitions().stream().map(PartitionVersion::date))
                .sorted()
                .toList();
        OpsRow row = commit.delta().isPresent() ? new OpsRow() : partitions(commit);
        return row.set("sequence", commit.sequence())
                .set("commit_id", commit.commitId())
                .set("run_id", commit.runId())
                .set("operation", commit.operation().toString())
                .set("committed_at", commit.committedAt())
                .set("definition_hash", commit.definitionHash())
                .set("first_date", dates.stream().findFirst())
                .set("last_date", dates.stream().reduce((first, second) -> second))
                .set("read", commit.balance().read())
                .set("written", commit.balance().written())
                .set("quarantined", commit.balance().quarantined())
                .set("dropped", commit.balance().dropped())
                .set("filtered", commit.balance().filtered())
                .set("duplicates", commit.balance().duplicates())
                .set("late", commit.balance().late())
                .set("delta_version", commit.delta().map(DeltaVersion::version));
    }

    /** What a commit has written; not known of a Delta table, whose own log has it. */
    private static OpsRow partitions(Commit commit) {
        List<PartitionVersion> partitions = commit.partitions();
        return new OpsRow()
                .set("partitions", partitions.size())
                .set(
                        "files",
                        partitions.stream().mapToLong(PartitionVersion::files).sum())
                .set(
                        "bytes",
                        partitions.stream().mapToLong(PartitionVersion::bytes).sum());
    }

    private static List<OpsRow> expectations(Commit commit) {
        List<OpsRow> rows = new ArrayList<>();
        for (DateBuild build : commit.dates()) {
            for (ExpectationResult result : build.expectations()) {
                rows.add(new OpsRow()
                        .set("sequence", commit.sequence())
                        .set("run_id", commit.runId())
                        .set("committed_at", commit.committedAt())
                        .set("date", build.date())
                        .set("expectation", result.name())
                        .set("action", result.action().toString())
                        .set("failed", result.failed()));
            }
        }
        return rows;
    }

    private Path freshFolder(PlatformTable table, String subject) {
        return new Path(publisher.folder(table) + "/" + subject + "/" + lake.newCommitId());
    }

    private Folder write(PlatformTable table, Path folder, List<OpsRow> rows, long sequence) throws IOException {
        write(table, folder, rows);
        return new Folder(folder.toString(), sequence);
    }

    private void write(PlatformTable table, Path folder, List<OpsRow> rows) throws IOException {
        new AtomicFiles(lake.hadoop(), folder).create("part-00000.avro", OpsRow.file(table, rows));
    }

    /** Deletes a table's older folders that no query can be reading any more. */
    private void discardSuperseded(PlatformTable table, String subject) throws IOException {
        List<String> shown = publisher.published(table, List.of(subject)).values().stream()
                .map(folder -> new Path(folder.location()).toUri().getPath() + "/")
                .toList();
        long limit = lake.clock().millis() - KEEP_SUPERSEDED.toMillis();
        for (FileStatus folder : lake.files().listStatus(new Path(publisher.folder(table), subject))) {
            String path = folder.getPath().toUri().getPath() + "/";
            if (folder.getModificationTime() < limit && shown.stream().noneMatch(used -> used.startsWith(path))) {
                lake.files().delete(folder.getPath(), true);
            }
        }
    }
}
