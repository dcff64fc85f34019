package dev.igarape.jobs.live;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.kind.SourceProbe.SourceState;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lands a table when its source has something new, or when its {@code commit} says so, and once a minute in any case where
 * nothing is held back: a landing also puts on record that nothing has come, and publishes what a run left behind that died.
 */
final class LandingWork implements TableWork {
    private static final Logger LOG = LoggerFactory.getLogger(LandingWork.class);
    private static final Duration AT_LATEST = Duration.ofMinutes(1);
    /** Between builds of a table whose source has no probe. */
    private static final Duration WITHOUT_PROBE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_MERGES = Duration.ofMinutes(1);

    private final Table table;
    private final Optional<SourceProbe> probe;
    private final Builds builds;
    private final LedgerTail tail;
    private final Optional<Holding> holding;
    /** Whether a landing has begun that has not come to its end, by a failure or because a commit has its limits. */
    private boolean begun;

    private boolean held;
    private Optional<SourceState> landed = Optional.empty();
    private Optional<Instant> nextAt = Optional.empty();
    private Instant mergeAt = Instant.MIN;
    private Optional<Instant> currentUntil = Optional.empty();
    private Optional<Long> lag = Optional.empty();

    LandingWork(Table table, Optional<SourceProbe> probe, Builds builds, LedgerTail tail) {
        this.table = table;
        this.probe = probe;
        this.builds = builds;
        this.tail = tail;
        this.holding = table.definition().commitRule().map(rule -> new Holding(rule, tail));
    }

    @Override
    public Outcome take(Instant now, Instant time) throws IOException, InterruptedException {
        Optional<SourceState> state =
                probe.isEmpty() ? Optional.empty() : Optional.of(probe.get().state());
        long head = tail.poll();
        lag = missing(state);
        held = holds(state, head, time);
        if (held) {
            return new Outcome(false, List.of(), Optional.empty(), false);
        }
        boolean due = nextAt.isEmpty() || !now.isBefore(nextAt.get());
        // Offsets that were landed are missing where the ledger was restored from a backup.
        if (!due && state.equals(landed) && lag.orElse(0L) == 0) {
            if (state.isPresent()) {
                currentUntil = Optional.of(time);
            }
            return new Outcome(false, List.of(), Optional.empty(), false);
        }
        begun = true;
        List<TableRun> runs = builds.build(table, List.of());
        if (!now.isBefore(mergeAt)) {
            mergeAt = now.plus(BETWEEN_MERGES);
            runs = merged(runs);
        }
        tail.poll();
        lag = missing(state);
        nextAt = Optional.of(now.plus(probe.isPresent() ? AT_LATEST : WITHOUT_PROBE));
        // A commit holds a limited number of records.
        boolean whole = lag.orElse(0L) == 0;
        landed = whole ? state : Optional.empty();
        begun = !whole;
        if (whole) {
            currentUntil = Optional.of(time);
        }
        return new Outcome(true, runs, Optional.empty(), !whole);
    }

    private boolean holds(Optional<SourceState> state, long head, Instant time) throws IOException {
        if (holding.isEmpty() || state.isEmpty()) {
            return false;
        }
        holding.get().follow(head, time);
        return !begun && holding.get().holds(state.get(), landed, time);
    }

    /** Merges batches; the landing goes on where that fails, and its runs are given a warning. */
    private List<TableRun> merged(List<TableRun> runs) throws InterruptedException {
        try {
            builds.mergeBatches(table);
            return runs;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            Failures.FailureReport report = Failures.report(e);
            LOG.debug("failed", e);
            if (report.exitCode() == ExitCode.UNAVAILABLE) {
                builds.reconnect();
            }
            String warning =
                    "The small batches of " + table.name() + " were not merged; this is tried again in a minute."
                            + " Until then it has more files than it should. " + report.message();
            return runs.stream()
                    .map(run -> run.warning(Stream.concat(run.warnings().stream(), Stream.of(warning))
                            .toList()))
                    .toList();
        }
    }

    private Optional<Long> missing(Optional<SourceState> state) {
        return state.filter(known -> !known.endOffsets().isEmpty()).map(known -> tail.missing(known.endOffsets()));
    }

    @Override
    public Optional<Instant> currentUntil() {
        return currentUntil;
    }

    @Override
    public boolean isHeld() {
        return held;
    }

    @Override
    public Optional<Long> lag() {
        return lag;
    }

    @Override
    public void close() {
        probe.ifPresent(SourceProbe::close);
    }
}
