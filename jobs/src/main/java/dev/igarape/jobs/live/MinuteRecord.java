package dev.igarape.jobs.live;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.runs.FinishedRun;
import dev.igarape.jobs.runs.StartedRun;
import dev.igarape.model.TableName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/** Gathers the steps of a table in one minute to one run on record; a minute without a step has none. */
final class MinuteRecord {
    private static final int MOST_WARNINGS = 20;

    private final Lake lake;
    private final TableName table;
    private Optional<Steps> open = Optional.empty();

    MinuteRecord(Lake lake, TableName table) {
        this.lake = lake;
        this.table = table;
    }

    /** The steps of a minute so far. */
    private static final class Steps {
        private final Instant begin;
        private Instant end;
        private int steps;
        private boolean committed;
        private long first;
        private long last;
        private long read;
        private long written;
        private long quarantined;
        /** Of those that committed something. */
        private final List<Duration> times = new ArrayList<>();

        private Optional<Failures.FailureReport> failure = Optional.empty();
        private final TreeSet<LocalDate> dates = new TreeSet<>();
        private final TreeSet<String> warnings = new TreeSet<>();

        private Steps(Instant begin) {
            this.begin = begin;
            this.end = begin;
        }
    }

    /**
     * Adds a step.
     *
     * @param time how long it took
     * @param commits those that it made
     * @param failure its last failure, if it had one
     */
    void add(
            Instant begin,
            Instant end,
            Duration time,
            List<TableRun> runs,
            List<Commit> commits,
            Optional<Failures.FailureReport> failure) {
        if (open.isEmpty()) {
            open = Optional.of(new Steps(begin));
        }
        Steps steps = open.get();
        steps.end = end;
        steps.steps++;
        steps.failure = failure;
        for (TableRun run : runs) {
            if (run.outcome() == TableRun.Outcome.COMMITTED) {
                run.date().ifPresent(steps.dates::add);
            }
            if (steps.warnings.size() < MOST_WARNINGS) {
                steps.warnings.addAll(run.warnings());
            }
        }
        if (!commits.isEmpty()) {
            steps.times.add(time);
        }
        for (Commit commit : commits) {
            Balance balance = commit.computed();
            steps.first = steps.committed ? steps.first : commit.sequence();
            steps.last = commit.sequence();
            steps.committed = true;
            steps.read += balance.read();
            steps.written += balance.written();
            steps.quarantined += balance.quarantined();
        }
    }

    /** The record of a minute that is over; none if nothing happened in it, or if it is not over. */
    Optional<FinishedRun> over(Instant now) {
        boolean over = open.map(steps -> steps.begin.truncatedTo(ChronoUnit.MINUTES))
                // Somebody may have set the clock back.
                .filter(minute -> now.isBefore(minute) || !now.isBefore(minute.plus(Duration.ofMinutes(1))))
                .isPresent();
        return over ? close() : Optional.empty();
    }

    /** The record of what has happened since the last one. */
    Optional<FinishedRun> close() {
        Optional<FinishedRun> record = open.map(this::record);
        open = Optional.empty();
        return record;
    }

    private FinishedRun record(Steps steps) {
        StartedRun run = new StartedRun(
                UUID.randomUUID().toString(),
                lake.runId(),
                Optional.empty(),
                Optional.empty(),
                table,
                new ArrayList<>(steps.dates),
                steps.begin);
        List<String> warnings = List.copyOf(steps.warnings);
        return steps.failure.isPresent()
                ? FinishedRun.failed(run, steps.end, failure(steps, steps.failure.get()), warnings)
                : FinishedRun.succeeded(run, steps.end, steps.committed, Optional.of(told(steps)), warnings);
    }

    /** The failure of the last step, with what those before it have committed. */
    private static Failures.FailureReport failure(Steps steps, Failures.FailureReport last) {
        return steps.committed
                ? new Failures.FailureReport(last.exitCode(), told(steps) + "; then one failed: " + last.message())
                : last;
    }

    private static String told(Steps steps) {
        String what = steps.steps == 1 ? "1 step" : steps.steps + " steps";
        if (!steps.committed) {
            return what;
        }
        String commits =
                steps.first == steps.last ? "commit " + steps.first : "commits " + steps.first + " to " + steps.last;
        List<Long> millis =
                steps.times.stream().map(Duration::toMillis).sorted().toList();
        return "%s: %s, read %d, written %d, quarantined %d, step ms p50 %d, max %d"
                .formatted(
                        what,
                        commits,
                        steps.read,
                        steps.written,
                        steps.quarantined,
                        millis.get((millis.size() - 1) / 2),
                        millis.get(millis.size() - 1));
    }
}
