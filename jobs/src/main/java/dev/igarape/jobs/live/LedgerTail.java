package dev.igarape.jobs.live;

import dev.igarape.jobs.kind.SourceProbe.FileLook;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Follows a ledger: reads it whole once, and then each commit as it comes, at little cost where there is none. Begins anew where
 * the ledger was restored from a backup.
 */
final class LedgerTail {
    private final Ledger ledger;
    private final Consumer<Commit> listener;
    private Optional<LedgerState> known = Optional.empty();
    private Optional<UUID> history = Optional.empty();
    private Optional<Long> head = Optional.empty();
    private Optional<String> lastId = Optional.empty();

    /** @param listener told of each commit that is made from the first {@link #poll} on, and of the last one before it */
    LedgerTail(Ledger ledger, Consumer<Commit> listener) {
        this.ledger = ledger;
        this.listener = listener;
    }

    /** Reads what has come; returns the number of the last commit, 0 where there is none. */
    long poll() throws IOException {
        Ledger.Reading reading = ledger.reading();
        LedgerState state = reading.state();
        if (!history.equals(Optional.of(reading.history())) && !isContinuedBy(state)) {
            begin(state);
        }
        history = Optional.of(reading.history());
        known = Optional.of(state);
        while (head.orElseThrow() < state.head()) {
            take(ledger.commit(head.get() + 1));
        }
        return head.get();
    }

    /** Where a ledger stood at a {@link #poll}. */
    record Position(UUID history, long head) {}

    /** Where it stood at the last {@link #poll}. */
    Position position() {
        return new Position(history.orElseThrow(), head.orElseThrow());
    }

    /** Dates whose partitions commits after that position have written, as of the last {@link #poll}; empty if that can't be told. */
    Optional<Set<LocalDate>> changedSince(Position position) {
        if (!history.equals(Optional.of(position.history()))) {
            return Optional.empty();
        }
        return known.map(state -> LedgerState.since(position.head(), state.partitions()).stream()
                .map(placed -> placed.partition().date())
                .collect(Collectors.toSet()));
    }

    /** A commit; empty where there is none of this number. */
    Optional<Commit> commit(long sequence) throws IOException {
        try {
            return Optional.of(ledger.commit(sequence));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private void begin(LedgerState state) throws IOException {
        lastId = Optional.empty();
        if (state.head() > 0) {
            Commit last = ledger.commit(state.head());
            listener.accept(last);
            lastId = Optional.of(last.commitId());
        }
        head = Optional.of(state.head());
    }

    /** Whether the last commit that is known still stands; a reading that failed also begins another history. */
    private boolean isContinuedBy(LedgerState state) throws IOException {
        if (head.isEmpty() || head.get() > state.head()) {
            return false;
        }
        return head.get() == 0
                || lastId.equals(Optional.of(ledger.commit(head.get()).commitId()));
    }

    private void take(Commit commit) {
        head = Optional.of(commit.sequence());
        lastId = Optional.of(commit.commitId());
        listener.accept(commit);
    }

    /** Those of these files that no commit has as they look, as of the last {@link #poll}. */
    Map<String, FileLook> missingFiles(Map<String, FileLook> found) {
        Map<String, Consumed.FileVersion> files = known.map(LedgerState::files).orElse(Map.of());
        Map<String, FileLook> missing = new HashMap<>();
        found.forEach((path, look) -> {
            boolean landed = Optional.ofNullable(files.get(path))
                    .filter(version -> look.equals(new FileLook(version.length(), version.modified())))
                    .isPresent();
            if (!landed) {
                missing.put(path, look);
            }
        });
        return missing;
    }

    /** How many offsets before these ends no commit has, as of the last {@link #poll}. */
    long missing(Map<String, Map<Integer, Long>> endOffsets) {
        Map<String, Map<Integer, Long>> nextOffsets =
                known.map(LedgerState::nextOffsets).orElse(Map.of());
        long missing = 0;
        for (Map.Entry<String, Map<Integer, Long>> topic : endOffsets.entrySet()) {
            Map<Integer, Long> landed = nextOffsets.getOrDefault(topic.getKey(), Map.of());
            for (Map.Entry<Integer, Long> end : topic.getValue().entrySet()) {
                missing += Math.max(0, end.getValue() - landed.getOrDefault(end.getKey(), 0L));
            }
        }
        return missing;
    }
}
