package dev.igarape.jobs.live;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.runs.FinishedRun;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.runs.StartedRun;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.LiveStatus;
import dev.igarape.model.job.LiveStatus.Failure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A table of the service: takes its turns, waits after failures, and keeps count. */
final class LiveTable implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveTable.class);

    private final TableName name;
    private final Lake lake;
    private final InstantSource waits;
    private final Builds builds;
    private final OpsWriter ops;
    private final TableMeter meter;
    private final MinuteRecord record;
    private final LedgerTail tail;
    private final TableWork work;
    private final Backoff backoff = new Backoff();
    private final List<Commit> commits = new ArrayList<>();
    private Optional<RunLease> lease = Optional.empty();

    /** Makes the work of a table, given its ledger. */
    interface Making {
        TableWork of(LedgerTail tail);
    }

    /** @param waits the clock of all waits */
    LiveTable(
            TableName name,
            Lake lake,
            InstantSource waits,
            Builds builds,
            OpsWriter ops,
            TableMeter meter,
            Making making)
            throws IOException {
        this.name = name;
        this.lake = lake;
        this.waits = waits;
        this.builds = builds;
        this.ops = ops;
        this.meter = meter;
        this.record = new MinuteRecord(lake, name);
        this.tail = new LedgerTail(lake.ledger(name), this::committed);
        this.work = making.of(tail);
    }

    LedgerTail tail() {
        return tail;
    }

    /** See {@link TableWork#currentUntil}. */
    Optional<Instant> currentUntil() {
        return work.currentUntil();
    }

    LiveStatus.TableStatus status() {
        return meter.status();
    }

    /** Its step that is under way, if any. */
    Optional<LiveStatus.StepStatus> step() {
        return meter.step();
    }

    private void committed(Commit commit) {
        meter.committed(commit);
        boolean step = commit.operation() == Operation.LAND || commit.operation() == Operation.BUILD;
        if (step && commit.runId().equals(lake.runId())) {
            meter.wrote(commit);
            commits.add(commit);
        }
    }

    /**
     * The table's turn; its failures do not leave it.
     *
     * @return whether there is more to do at once
     * @throws InterruptedException if the service must end before the step does
     */
    boolean turn() throws InterruptedException {
        Instant now = lake.clock().instant();
        Instant steady = waits.instant();
        if (backoff.waits(steady)) {
            return false;
        }
        meter.running();
        long begin = System.nanoTime();
        TableWork.Outcome outcome = new TableWork.Outcome(false, List.of(), Optional.empty(), false);
        Optional<Failure> failure;
        Optional<Failures.FailureReport> tried;
        try {
            declare();
            outcome = work.take(steady, now);
            tail.poll();
            backoff.reset();
            failure = outcome.failure()
                    .map(failed -> failure(failed.report(), now, Duration.between(steady, failed.retryAt())));
            tried = outcome.tried() ? outcome.failure().map(TableWork.Failed::report) : Optional.empty();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            // Also checked exceptions that Spark's methods do not declare.
            Failures.FailureReport report = Failures.report(e);
            LOG.debug("failed", e);
            if (report.exitCode() == ExitCode.UNAVAILABLE) {
                builds.reconnect();
            }
            // It may have taken long to fail.
            Instant at = lake.clock().instant();
            Instant begun = waits.instant();
            failure = Optional.of(failure(report, at, Duration.between(begun, backoff.failed(begun))));
            tried = Optional.of(report);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - begin);
        if (!commits.isEmpty()) {
            meter.stepped(time);
        }
        boolean warned = outcome.runs().stream().anyMatch(run -> !run.warnings().isEmpty());
        if (!commits.isEmpty() || tried.isPresent() || warned) {
            record.add(now, lake.clock().instant(), time, outcome.runs(), commits, tried);
        }
        commits.clear();
        tried.ifPresent(this::log);
        meter.rests(work, failure);
        return outcome.more();
    }

    /** Holds a lease for as long as the service runs, so that it is known if it dies. It names no dates: it takes them as they come. */
    private void declare() throws IOException {
        if (lease.isEmpty()) {
            ops.recordDead(name);
            lease = Optional.of(RunLease.declare(lake, StartedRun.of(lake, name, List.of())));
        }
    }

    private static Failure failure(Failures.FailureReport report, Instant now, Duration wait) {
        return new Failure(report.message(), report.exitCode().status(), now, now.plus(wait));
    }

    private void log(Failures.FailureReport report) {
        try (MDC.MDCCloseable table = MDC.putCloseable("table", name.toString())) {
            LOG.warn("{} It is tried again", report.message());
        }
    }

    /** The run on record for the minute that is over, if any. */
    Optional<FinishedRun> minuteOver() {
        Optional<FinishedRun> over = record.over(lake.clock().instant());
        over.ifPresent(this::log);
        return over;
    }

    /** The run on record for what was done since the last minute, if any. */
    Optional<FinishedRun> end() {
        return record.close();
    }

    private void log(FinishedRun run) {
        try (MDC.MDCCloseable table = MDC.putCloseable("table", name.toString())) {
            run.exitCode()
                    .filter(code -> code == ExitCode.DONE)
                    .ifPresent(code -> LOG.info("{}", run.message().orElse("")));
            run.warnings().forEach(LOG::warn);
        }
    }

    @Override
    public void close() {
        work.close();
        lease.ifPresent(RunLease::close);
        lease = Optional.empty();
    }
}
