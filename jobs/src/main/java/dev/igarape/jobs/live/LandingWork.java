package dev.igarape.jobs.live;

import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.kind.SourceProbe.SourceState;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Lands a table when its source has something new, and once a minute in any case: a landing also puts on record that nothing
 * has come, and publishes what a run left behind that died.
 */
final class LandingWork implements TableWork {
    private static final Duration AT_LATEST = Duration.ofMinutes(1);
    /** Between builds of a table whose source has no probe. */
    private static final Duration WITHOUT_PROBE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_MERGES = Duration.ofMinutes(1);

    private final Table table;
    private final Optional<SourceProbe> probe;
    private final Builds builds;
    private final LedgerTail tail;
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
    }

    @Override
    public Outcome take(Instant now) throws IOException, InterruptedException {
        Optional<SourceState> state =
                probe.isEmpty() ? Optional.empty() : Optional.of(probe.get().state());
        tail.poll();
        lag = missing(state);
        boolean due = nextAt.isEmpty() || !now.isBefore(nextAt.get());
        if (!due && state.equals(landed)) {
            if (state.isPresent()) {
                currentUntil = Optional.of(now);
            }
            return new Outcome(false, List.of(), Optional.empty(), false);
        }
        List<TableRun> runs = builds.build(table, List.of());
        if (!now.isBefore(mergeAt)) {
            builds.mergeBatches(table);
            mergeAt = now.plus(BETWEEN_MERGES);
        }
        tail.poll();
        lag = missing(state);
        nextAt = Optional.of(now.plus(probe.isPresent() ? AT_LATEST : WITHOUT_PROBE));
        // A commit holds a limited number of records.
        boolean whole = lag.orElse(0L) == 0;
        landed = whole ? state : Optional.empty();
        if (whole) {
            currentUntil = Optional.of(now);
        }
        return new Outcome(true, runs, Optional.empty(), !whole);
    }

    private Optional<Long> missing(Optional<SourceState> state) {
        return state.filter(known -> !known.endOffsets().isEmpty()).map(known -> tail.missing(known.endOffsets()));
    }

    @Override
    public Optional<Instant> currentUntil() {
        return currentUntil;
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
