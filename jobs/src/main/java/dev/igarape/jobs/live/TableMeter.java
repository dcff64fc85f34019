package dev.igarape.jobs.live;

import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.model.TableName;
import dev.igarape.model.job.LiveStatus;
import dev.igarape.model.job.LiveStatus.Failure;
import dev.igarape.model.job.LiveStatus.Rows;
import dev.igarape.model.job.LiveStatus.State;
import dev.igarape.model.job.LiveStatus.StepMillis;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Measures a table for the status and the metrics; the service writes it while others read it. */
final class TableMeter {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    /** What percentiles speak of. */
    private static final Duration PERIOD = Duration.ofMinutes(10);

    /** A step takes some dates or a limited number of records, so one that is under way for so long hangs. */
    private static final Duration HANGING = Duration.ofMinutes(15);

    private final TableName table;
    private final Clock clock;
    private final InstantSource waits;
    private final Instant since;
    private final Timer times;
    private final Deque<Written> recent = new ArrayDeque<>();
    private State state = State.IDLE;
    /** By the clock of all waits. */
    private Optional<Instant> runningSince = Optional.empty();

    private long steps;
    private Rows rows = Rows.NONE;
    private Optional<Duration> lastStep = Optional.empty();
    private Optional<Long> lag = Optional.empty();
    private Optional<Instant> currentUntil = Optional.empty();
    private long lastCommit;
    private Optional<Instant> lastCommitAt = Optional.empty();
    private Optional<Failure> failure = Optional.empty();

    /** Rows of one commit. */
    private record Written(Instant at, long rows) {}

    /** @param waits a clock that nobody sets */
    TableMeter(TableName table, Clock clock, InstantSource waits, MeterRegistry meters) {
        this.table = table;
        this.clock = clock;
        this.waits = waits;
        this.since = waits.instant();
        this.times = Timer.builder("igarape.live.step")
                .description("Time of a step that committed something")
                .tag("table", table.toString())
                .publishPercentiles(0.5, 0.99)
                .percentilePrecision(2)
                .distributionStatisticExpiry(PERIOD)
                .register(meters);
        counter(
                meters,
                "igarape.live.rows.read",
                "Rows that steps have read",
                meter -> meter.rows().read());
        counter(
                meters,
                "igarape.live.rows.written",
                "Rows that steps have computed and written",
                meter -> meter.rows().written());
        counter(
                meters,
                "igarape.live.rows.quarantined",
                "Rows that steps have quarantined",
                meter -> meter.rows().quarantined());
        gauge(meters, "igarape.live.commit", "Number of the last commit", TableMeter::lastCommit);
        gauge(
                meters,
                "igarape.live.lag.offsets",
                "Offsets of the topics that are not landed yet",
                meter -> meter.lag().map(Long::doubleValue).orElse(Double.NaN));
        gauge(
                meters,
                "igarape.live.age.seconds",
                "All records that were in the source so long ago are visible",
                meter -> meter.ageSeconds().orElse(Double.NaN));
        gauge(
                meters,
                "igarape.live.step.under.way.seconds",
                "For how long the table's step has been under way; 0 between steps",
                meter -> meter.underWay().orElse(Duration.ZERO).toMillis() / 1000.0);
        gauge(
                meters,
                "igarape.live.failing",
                "1 while the table's last step has failed",
                meter -> meter.failing() ? 1 : 0);
    }

    private void counter(MeterRegistry meters, String name, String what, ToDoubleFunction<TableMeter> value) {
        FunctionCounter.builder(name, this, value)
                .description(what)
                .tag("table", table.toString())
                .register(meters);
    }

    private void gauge(MeterRegistry meters, String name, String what, ToDoubleFunction<TableMeter> value) {
        Gauge.builder(name, this, value)
                .description(what)
                .tag("table", table.toString())
                .register(meters);
    }

    private synchronized Rows rows() {
        return rows;
    }

    private synchronized long lastCommit() {
        return lastCommit;
    }

    private synchronized Optional<Long> lag() {
        return lag;
    }

    private synchronized boolean failing() {
        return failure.isPresent();
    }

    private synchronized Optional<Double> ageSeconds() {
        return currentUntil.map(
                until -> Duration.between(until, clock.instant()).toMillis() / 1000.0);
    }

    /** A commit by whomever. */
    synchronized void committed(Commit commit) {
        lastCommit = commit.sequence();
        lastCommitAt = Optional.of(commit.committedAt());
    }

    /** A commit of this service. */
    synchronized void wrote(Commit commit) {
        Balance balance = commit.computed();
        rows = new Rows(
                rows.read() + balance.read(),
                rows.written() + balance.written(),
                rows.quarantined() + balance.quarantined());
        Instant now = waits.instant();
        forget(now);
        recent.add(new Written(now, balance.written()));
    }

    synchronized void running() {
        state = State.RUNNING;
        runningSince = Optional.of(waits.instant());
    }

    private synchronized Optional<Duration> underWay() {
        return runningSince.map(begun -> Duration.between(begun, waits.instant()));
    }

    /** The table's step that is under way, if any. */
    Optional<LiveStatus.StepStatus> step() {
        return underWay().map(time -> new LiveStatus.StepStatus(table, time.toSeconds(), time.compareTo(HANGING) >= 0));
    }

    /** A step that committed something took this long. */
    synchronized void stepped(Duration time) {
        steps++;
        lastStep = Optional.of(time);
        times.record(time);
    }

    /** How the table stands after its turn. */
    synchronized void rests(TableWork work, Optional<Failure> failed) {
        lag = work.lag();
        currentUntil = work.currentUntil();
        failure = failed;
        State unfailed = work.isHeld() ? State.WAITING : State.IDLE;
        state = failed.isPresent() ? State.BACKING_OFF : unfailed;
        runningSince = Optional.empty();
    }

    /** Drops what was written before the last minute; also where nobody asks for the status. */
    private void forget(Instant now) {
        while (!recent.isEmpty() && !recent.peek().at().isAfter(now.minus(MINUTE))) {
            recent.remove();
        }
    }

    synchronized LiveStatus.TableStatus status() {
        Instant now = waits.instant();
        forget(now);
        long lastMinute = recent.stream().mapToLong(Written::rows).sum();
        long seconds = Math.max(
                1, Math.min(MINUTE.toSeconds(), Duration.between(since, now).toSeconds()));
        return new LiveStatus.TableStatus(
                table,
                state,
                steps,
                rows,
                lastMinute,
                Math.round(lastMinute * 10.0 / seconds) / 10.0,
                lastStep.map(this::millis),
                lag,
                ageSeconds(),
                lastCommit,
                lastCommitAt,
                failure);
    }

    private StepMillis millis(Duration last) {
        ValueAtPercentile[] percentiles = times.takeSnapshot().percentileValues();
        return new StepMillis(
                last.toNanos() / 1_000_000.0,
                percentiles[0].value(TimeUnit.MILLISECONDS),
                percentiles[1].value(TimeUnit.MILLISECONDS));
    }
}
