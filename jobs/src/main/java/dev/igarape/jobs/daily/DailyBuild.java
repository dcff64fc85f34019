package dev.igarape.jobs.daily;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.DefinitionText;
import dev.igarape.jobs.plan.Freshness;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.quarantine.AllRefused;
import dev.igarape.jobs.threads.TaskPool;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Builds dates of a daily table: its query over the inputs of each date, Parquet by {@code date}.
 *
 * <p>All dates of a call are one commit. A date whose input commits and definition are those of its last build is left
 * as it is. All dates that are built whole read the same version of an input without dates: the newest.
 */
public final class DailyBuild {
    /**
     * As many dates as there are cores are built at a time, so that small ones keep all of them busy; two at least: while one
     * plans or commits its files, the other computes. The driver plans and copies files of each, so there is a limit.
     */
    private static final int MOST_AT_ONCE = 8;

    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;

    /** @param spark asked only if something must be built */
    public DailyBuild(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
    }

    /**
     * Builds and publishes these dates.
     *
     * @param overrides what is built although it may lack rows
     * @throws LakeException NO_INPUT if an input lacks a date or rows of it have expired, DEFINITION if SQL and inputs do not fit, EXPECTATION if
     *     one with {@code on_fail: fail} failed; then nothing is committed
     */
    public List<TableRun> run(Table table, List<LocalDate> dates, BuildOverrides overrides)
            throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("commit to " + table.name(), "built the same dates", state -> {
            DailyInputs inputs = DailyInputs.read(lake, table);
            Freshness freshness = inputs.freshness(state);
            List<LocalDate> due = new DueDates(lake, table, inputs, overrides).of(freshness, dates);
            lake.steps().reached(Step.PLANNED);
            if (due.isEmpty()) {
                return new CommitLoop.Unchanged<>(
                        () -> TableRun.ofDates(table.name(), dates, ledger.read(), Optional.empty()));
            }
            ledger.keepDefinition(table.definitionHash(), DefinitionText.of(table));
            Map<LocalDate, List<String>> warnings = new HashMap<>();
            Commit draft = write(table, state, freshness, inputs, due, warnings);
            return new CommitLoop.Draft<>(
                    draft,
                    commit -> TableRun.ofDates(table.name(), dates, ledger.read(), Optional.of(commit)).stream()
                            .map(run ->
                                    run.warning(warnings.getOrDefault(run.date().orElseThrow(), List.of())))
                            .toList());
        });
    }

    /** @param warnings is given what to warn of, by date */
    private Commit write(
            Table table,
            LedgerState state,
            Freshness freshness,
            DailyInputs inputs,
            List<LocalDate> dates,
            Map<LocalDate, List<String>> warnings)
            throws IOException, InterruptedException {
        SparkSession session = spark.get();
        String commitId = lake.newCommitId();
        DateFiles files = new DateFiles(lake, table, commitId);
        Scopes scopes = new Scopes(lake, table, inputs, state);
        DateAppend append = new DateAppend(lake, table, inputs, state, files);
        DatePatch patch = new DatePatch(lake, table, inputs, state, files);
        DateWriter writer = new DateWriter(lake, table, inputs, files);
        List<DateBuild> builds = new ArrayList<>();
        List<PartitionVersion> partitions = new ArrayList<>();
        List<PartitionVersion> quarantine = new ArrayList<>();
        Map<String, String> columns = new LinkedHashMap<>();
        Balance balance = Balance.NONE;
        int atOnce = Math.max(2, Math.min(MOST_AT_ONCE, session.sparkContext().defaultParallelism()));
        try (TaskPool pool = new TaskPool(Math.min(atOnce, dates.size()), "date")) {
            List<Future<DateWriter.Written>> tasks = new ArrayList<>();
            for (LocalDate date : dates) {
                Freshness.Staleness staleness = freshness.of(date);
                tasks.add(pool.submit(() -> {
                    Optional<DateWriter.Written> appended =
                            scopes.isToBeSplit(date) ? Optional.empty() : append.write(session, date, staleness);
                    return appended.isPresent()
                            ? appended.get().and(scopes.announced(date))
                            : computed(session, table, state, scopes, patch, writer, date, staleness);
                }));
            }
            for (Future<DateWriter.Written> task : tasks) {
                DateWriter.Written written = result(pool, task);
                warnings.put(written.build().date(), warnings(table, state, written));
                builds.add(written.build());
                partitions.addAll(written.partitions());
                quarantine.addAll(written.quarantine());
                if (!written.columns().isEmpty()) {
                    columns = written.columns();
                }
                balance = balance.plus(written.build().balance());
            }
        }
        if (partitions.stream().anyMatch(partition -> partition.path().equals(PartitionVersion.EMPTY_FOLDER))) {
            lake.files()
                    .mkdirs(new Path(new TableLayout(lake.target(), table).folder(), PartitionVersion.EMPTY_FOLDER));
        }
        return lake.draft(table, commitId, Operation.BUILD)
                .columns(columns)
                .dates(builds)
                .partitions(partitions)
                .quarantine(quarantine)
                .balance(balance)
                .build();
    }

    /** Computes what of a date new rows have touched, or all of it. */
    private DateWriter.Written computed(
            SparkSession session,
            Table table,
            LedgerState state,
            Scopes scopes,
            DatePatch patch,
            DateWriter writer,
            LocalDate date,
            Freshness.Staleness staleness)
            throws IOException, InterruptedException {
        DateScope scope = scopes.of(
                date, staleness, (input, placed, some) -> writer.rowTimes(session, date, input, placed, some));
        if (scope.isNothing()) {
            return writer.nothing(scope);
        }
        Optional<Duration> cells = scope.whole() ? Optional.empty() : scopes.cells(date);
        if (cells.isPresent()) {
            Optional<DateWriter.Written> patched = patch.write(session, scope, cells.get());
            if (patched.isPresent()) {
                return patched.get();
            }
        }
        Set<Key> quarantined = state.quarantine().stream()
                .map(placed -> placed.partition().key())
                .filter(key -> key.date().equals(date))
                .collect(Collectors.toSet());
        return writer.write(
                        session,
                        new DateWriter.Task(scope, scopes.whole(date), columns(table, state, scope), quarantined))
                .and(scopes.emptied(scope));
    }

    /** The columns of what a build of this scope keeps of its date; empty: it keeps nothing. */
    private Optional<Map<String, String>> columns(Table table, LedgerState state, DateScope scope) throws IOException {
        return scope.whole() ? Optional.empty() : Standing.columns(lake, table, state, scope.date());
    }

    /** Tells if all rows of a date were refused, those that stand included. */
    private List<String> warnings(Table table, LedgerState state, DateWriter.Written written) throws IOException {
        Set<Key> replaced =
                written.partitions().stream().map(PartitionVersion::key).collect(Collectors.toSet());
        long stands = state.partitionsOf(written.build().date()).stream()
                .map(LedgerState.CurrentPartition::partition)
                .filter(partition -> !replaced.contains(partition.key()))
                .mapToLong(PartitionVersion::rows)
                .sum();
        long refused =
                written.quarantine().stream().mapToLong(PartitionVersion::rows).sum();
        AllRefused.Part part = new AllRefused.Part(
                refused
                        + (refused == 1 ? " row of " : " rows of ")
                        + written.build().date(),
                stands + written.rows(),
                refused,
                written.quarantine(),
                Optional.empty());
        return new AllRefused(lake, table).warnings(List.of(part));
    }

    private static <T> T result(TaskPool pool, Future<T> task) throws IOException, InterruptedException {
        try {
            return pool.result(task);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
