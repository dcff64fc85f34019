package dev.igarape.jobs.live;

import dev.igarape.jobs.kind.TableKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.runs.FinishedRun;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of tables, in build order, turn after turn, until it is stopped. What is due is decided by the ledgers alone,
 * so other runs of the same tables, and other services, may go on beside it, and one that is killed leaves nothing to clean.
 */
public final class LiveService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveService.class);

    private final Lake lake;
    private final Duration every;
    private final Instant since;
    private final Builds builds;
    private final OpsWriter ops;
    private final Map<TableName, LiveTable> tables = new LinkedHashMap<>();
    private final Map<TableName, LedgerTail> others = new LinkedHashMap<>();
    private final AtomicLong turns = new AtomicLong();
    private final CountDownLatch stopRequested = new CountDownLatch(1);

    /**
     * @param chosen tables that can be {@linkplain Table#isRunLive run live}, in build order
     * @param spark the session of all steps
     * @param every how often a turn begins, unless there is more to do than a turn takes
     */
    public LiveService(
            Lake lake,
            TableKinds kinds,
            List<Table> chosen,
            Supplier<SparkSession> spark,
            Duration every,
            MeterRegistry meters)
            throws IOException {
        this(
                lake,
                kinds,
                chosen,
                spark,
                every,
                meters,
                new SteadyClock(lake.clock().instant()));
    }

    /** @param waits the clock of all waits */
    LiveService(
            Lake lake,
            TableKinds kinds,
            List<Table> chosen,
            Supplier<SparkSession> spark,
            Duration every,
            MeterRegistry meters,
            InstantSource waits)
            throws IOException {
        this.lake = lake;
        this.every = every;
        this.since = lake.clock().instant();
        this.builds = new Builds(lake, kinds, spark);
        this.ops = new OpsWriter(lake);
        for (Table table : chosen) {
            TableMeter meter = new TableMeter(table.name(), lake.clock(), waits, meters);
            LiveTable.Making work = table.isIncremental()
                    ? tail -> new LandingWork(table, kinds.of(table).probe(lake, table), builds, tail)
                    : tail -> new PlannedWork(table, lake, waits, builds, inputs(table), this::currentUntil);
            tables.put(table.name(), new LiveTable(table.name(), lake, waits, builds, ops, meter, work));
        }
        meters.more().counter("igarape.live.turns", List.of(), turns);
    }

    /**
     * Those of a manifest's tables that are run live, in build order.
     *
     * @param named those to run; empty: landings, and tables with intervals or keys
     * @throws LakeException DEFINITION if one that is named can't be, or if there is none; USAGE if there is no such table
     */
    public static List<Table> choose(Lake lake, Collection<TableName> named) {
        named.forEach(lake::table);
        List<TableName> all = lake.manifest().pipelines().stream()
                .flatMap(pipeline -> pipeline.tables().stream())
                .map(Table::name)
                .toList();
        List<Table> chosen = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (Table table : lake.inBuildOrder(named.isEmpty() ? all : named)) {
            if (named.isEmpty() ? table.isLive() : table.isRunLive()) {
                chosen.add(table);
            } else if (named.isEmpty()) {
                left.add(table.name().toString());
            } else {
                throw new LakeException(ExitCode.DEFINITION, refusal(table.name()));
            }
        }
        if (chosen.isEmpty()) {
            boolean any = all.stream().map(lake::table).anyMatch(Table::isRunLive);
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "There is nothing to run live: "
                            + (any
                                    ? "no landing of topics or files and no table with intervals or keys. Name tables of whole"
                                            + " dates to run them live."
                                    : "no table is landed from topics or files or built by date. Declare one, or build"
                                            + " these with ./lake run."));
        }
        if (!left.isEmpty()) {
            LOG.info("Left to runs: {}", String.join(", ", left));
        }
        return chosen;
    }

    private static String refusal(TableName table) {
        return table + " can't be run live: it is neither landed from topics or files nor built by date. Leave it out,"
                + " and build it with ./lake run.";
    }

    private Map<TableName, LedgerTail> inputs(Table table) {
        Map<TableName, LedgerTail> tails = new LinkedHashMap<>();
        for (Input input : table.inputs()) {
            Optional<LiveTable> live = Optional.ofNullable(tables.get(input.table()));
            tails.put(input.table(), live.map(LiveTable::tail).orElseGet(() -> other(input.table())));
        }
        return tails;
    }

    private LedgerTail other(TableName name) {
        return others.computeIfAbsent(name, table -> {
            try {
                return new LedgerTail(lake.ledger(table), commit -> {});
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    private Optional<Instant> currentUntil(TableName table) {
        return Optional.ofNullable(tables.get(table)).flatMap(LiveTable::currentUntil);
    }

    /** Runs until {@link #stop}. */
    public void run() throws InterruptedException {
        LOG.info("Live: {}", tables.keySet());
        while (stopRequested.getCount() > 0) {
            long begin = System.nanoTime();
            boolean more = turn();
            if (!more) {
                long left = every.toNanos() - (System.nanoTime() - begin);
                stopRequested.await(left, TimeUnit.NANOSECONDS);
            }
        }
        LOG.info("Stopped");
    }

    /** Gives each table its turn; returns whether there is more to do at once. */
    public boolean turn() throws InterruptedException {
        boolean more = false;
        List<FinishedRun> records = new ArrayList<>();
        for (LiveTable table : tables.values()) {
            if (stopRequested.getCount() == 0) {
                break;
            }
            table.minuteOver().ifPresent(records::add);
            more |= table.turn();
        }
        ops.write(records);
        turns.incrementAndGet();
        return more;
    }

    /** Asks the service to end when the step that it is at is done; returns at once. */
    public void stop() {
        stopRequested.countDown();
    }

    public LiveStatus status() {
        LiveStatus status = new LiveStatus(
                lake.runId(),
                ProcessHandle.current().pid(),
                since,
                turns.get() > 0,
                every.toMillis(),
                turns.get(),
                tables.values().stream().map(LiveTable::status).toList());
        return tables.values().stream()
                .flatMap(table -> table.step().stream())
                .findFirst()
                .map(status::at)
                .orElse(status);
    }

    /** Puts on record what was done since the last minute, and gives up the leases. */
    @Override
    public void close() {
        List<FinishedRun> records = new ArrayList<>();
        tables.values().forEach(table -> table.end().ifPresent(records::add));
        ops.write(records);
        ops.close();
        tables.values().forEach(LiveTable::close);
        builds.close();
    }
}
