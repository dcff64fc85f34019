package dev.igarape.jobs;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.TableKinds;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ops.Ops;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.runs.FinishedRun;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.runs.StartedRun;
import dev.igarape.model.DateRange;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Builds several tables in one process; starts a Spark session only when a table needs one. */
public final class TableRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableRunner.class);

    private final Lake lake;
    private final TableKinds kinds;
    private final Publisher publisher;
    private final Resources resources = new Resources();
    private final Ops ops;
    private final Supplier<SparkSession> sessions;
    private final Consumer<TableRun> finished;
    private Optional<SparkSession> spark = Optional.empty();

    /** @param sessions asked once, and only if a table needs Spark */
    public TableRunner(Lake lake, Supplier<SparkSession> sessions) {
        this(lake, BuiltInKinds.ALL, sessions, run -> {});
    }

    /**
     * @param kinds those that the tables may be of
     * @param sessions asked once, and only if a table needs Spark
     * @param finished told of each table's dates when the table is done
     */
    public TableRunner(Lake lake, TableKinds kinds, Supplier<SparkSession> sessions, Consumer<TableRun> finished) {
        this.lake = lake;
        this.kinds = kinds;
        this.publisher = lake.publisher();
        this.ops = new Ops(lake, publisher.ops());
        this.sessions = sessions;
        this.finished = finished;
    }

    /** Builds the tables in the order of the manifest, each for the whole range. */
    public List<TableRun> run(List<TableName> names, DateRange range, RunOptions options)
            throws IOException, InterruptedException {
        names.forEach(lake::table);
        List<TableRun> runs = new ArrayList<>();
        try {
            for (Table table : lake.inBuildOrder(names)) {
                List<LocalDate> dates = table.isIncremental() ? List.of() : range.dates();
                runs.addAll(recorded(
                        table, dates, () -> logged(table, shown(range), () -> build(table, range.dates(), options))));
            }
        } finally {
            ops.refreshFreshness(names);
        }
        return runs;
    }

    /**
     * Builds a table under a run lease and records the result before the lease is released, so that a run that dies
     * leaves one or the other.
     */
    private List<TableRun> recorded(Table table, List<LocalDate> dates, Work work)
            throws IOException, InterruptedException {
        ops.recordDead(table.name());
        StartedRun run = StartedRun.of(lake, table.name(), dates);
        try (RunLease lease = RunLease.declare(lake, run)) {
            try {
                List<TableRun> runs = work.run();
                boolean committed = runs.stream().anyMatch(r -> r.outcome() == TableRun.Outcome.COMMITTED);
                List<String> warnings =
                        runs.stream().flatMap(r -> r.warnings().stream()).toList();
                ops.finished(FinishedRun.succeeded(run, lake.clock().instant(), committed, Optional.empty(), warnings));
                return runs;
            } catch (Exception | VirtualMachineError e) {
                ops.finished(failed(run, e));
                throw e;
            }
        }
    }

    private FinishedRun failed(StartedRun run, Throwable thrown) {
        if (lake.caller().isWaiting()) {
            return FinishedRun.failed(run, lake.clock().instant(), Failures.report(thrown), List.of());
        }
        // This thread was interrupted to cancel the run; what is left of it is to put that on record.
        if (Thread.interrupted()) {
            LOG.info("cancelled");
        }
        return FinishedRun.cancelled(run, lake.clock().instant());
    }

    /** The build of a table. */
    private interface Work {
        List<TableRun> run() throws IOException, InterruptedException;
    }

    /** Builds a table with its name and dates in the log context, and reports each date. */
    private List<TableRun> logged(Table table, String dates, Work work) throws IOException, InterruptedException {
        List<TableRun> runs;
        try (MDC.MDCCloseable name = MDC.putCloseable("table", table.name().toString());
                MDC.MDCCloseable date = MDC.putCloseable("date", dates)) {
            LOG.info("started");
            runs = work.run();
        }
        runs.forEach(this::report);
        return runs;
    }

    private static String shown(DateRange range) {
        boolean day = range.from().plusDays(1).equals(range.to());
        return day ? range.from().toString() : range.from() + "/" + range.to();
    }

    private void report(TableRun run) {
        try (MDC.MDCCloseable table = MDC.putCloseable("table", run.table().toString());
                MDC.MDCCloseable date = MDC.putCloseable(
                        "date", run.date().map(LocalDate::toString).orElse(""))) {
            LOG.info(
                    "{}: commit {}, read {}, written {}, quarantined {}",
                    run.outcome().name().toLowerCase(Locale.ROOT),
                    run.sequence(),
                    run.balance().read(),
                    run.balance().written(),
                    run.balance().quarantined());
            run.warnings().forEach(LOG::warn);
        }
        finished.accept(run);
    }

    /**
     * Builds the dates of these daily tables that are due, each table for all of them at once. Every table is planned
     * when its turn has come, so what its inputs' builds have changed is counted.
     *
     * @param within only dates of this range
     * @param overrides with loss, dates are due, too, that can be built only at a loss
     */
    public List<TableRun> runDue(List<TableName> names, Optional<DateRange> within, BuildOverrides overrides)
            throws IOException, InterruptedException {
        names.forEach(lake::table);
        List<TableRun> runs = new ArrayList<>();
        Set<TableName> built = new LinkedHashSet<>();
        try {
            for (Table table : lake.inBuildOrder(names)) {
                List<LocalDate> due = due(table, within, overrides);
                if (!due.isEmpty()) {
                    built.add(table.name());
                    String dates = due.size() == 1 ? due.get(0).toString() : due.size() + " dates";
                    runs.addAll(recorded(
                            table,
                            due,
                            () -> logged(table, dates, () -> build(table, due, RunOptions.overriding(overrides)))));
                }
            }
        } finally {
            ops.refreshFreshness(built);
        }
        return runs;
    }

    private List<LocalDate> due(Table table, Optional<DateRange> within, BuildOverrides overrides) throws IOException {
        if (!table.has(Trait.PLANNED)) {
            return List.of();
        }
        return new Planner(lake)
                .plan(Set.of(table.name())).stream()
                        .filter(date -> date.isDue() || overrides.loss() && date.isDueAtALoss())
                        .map(PlannedDate::date)
                        .filter(date ->
                                within.map(range -> range.contains(date)).orElse(true))
                        .toList();
    }

    private List<TableRun> build(Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        return kinds.of(table).build(new RunContext(lake, publisher, this::spark, resources), table, dates, options);
    }

    private SparkSession spark() {
        if (spark.isEmpty()) {
            spark = Optional.of(sessions.get());
        }
        return spark.get();
    }

    @Override
    public void close() {
        try {
            resources.close();
        } finally {
            publisher.close();
        }
    }
}
