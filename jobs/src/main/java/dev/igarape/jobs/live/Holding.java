package dev.igarape.jobs.live;

import dev.igarape.jobs.kind.SourceProbe.FileLook;
import dev.igarape.jobs.kind.SourceProbe.SourceState;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.model.CommitRule;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Holds a landing back until its {@link CommitRule} is met. All that it needs stands in the ledger: when the last landing
 * was, whoever made it, and how large its records have become. So a service that is started anew goes on as before.
 */
final class Holding {
    /** Landings from which the size of those to come is estimated. */
    private static final int SAMPLE = 10;
    /** How far these are looked for among other commits, such as of merges; a landing before them was long ago. */
    private static final int LOOKED_AT = 200;

    private final CommitRule rule;
    private final LedgerTail tail;
    private final Deque<Landed> last = new ArrayDeque<>();
    private Optional<Long> seen = Optional.empty();
    private Optional<Instant> lastAt = Optional.empty();

    /** Records that a landing took, and bytes that became of them. */
    private record Landed(long records, long bytes) {}

    Holding(CommitRule rule, LedgerTail tail) {
        this.rule = rule;
        this.tail = tail;
    }

    /** Takes note of the landings up to this number, which is that of the last {@link LedgerTail#poll}. */
    void follow(long head, Instant now) throws IOException {
        if (seen.isEmpty()) {
            for (Commit landing : latest(head)) {
                take(landing);
            }
        } else {
            for (long sequence = seen.get() + 1; sequence <= head; sequence++) {
                tail.commit(sequence).filter(Holding::isLanding).ifPresent(this::take);
            }
        }
        seen = Optional.of(head);
        // A clock that was ahead must not hold back what comes until then.
        if (lastAt.isPresent() && lastAt.get().isAfter(now)) {
            lastAt = Optional.of(now);
        }
    }

    /** The last landings, oldest first. */
    private List<Commit> latest(long head) throws IOException {
        List<Commit> landings = new ArrayList<>();
        for (long sequence = head; sequence > Math.max(0, head - LOOKED_AT) && landings.size() < SAMPLE; sequence--) {
            tail.commit(sequence).filter(Holding::isLanding).ifPresent(landing -> landings.add(0, landing));
        }
        return landings;
    }

    private static boolean isLanding(Commit commit) {
        return commit.operation() == Operation.LAND;
    }

    private void take(Commit landing) {
        long bytes = Stream.concat(landing.partitions().stream(), landing.quarantine().stream())
                .mapToLong(PartitionVersion::bytes)
                .sum();
        last.add(new Landed(landing.balance().read(), bytes));
        if (last.size() > SAMPLE) {
            last.remove();
        }
        lastAt = Optional.of(landing.committedAt());
    }

    /**
     * Whether what is in the source waits.
     *
     * @param landed the state that was landed before, if any
     */
    boolean holds(SourceState state, Optional<SourceState> landed, Instant now) {
        return isWaiting(state, landed) && lastAt.isPresent() && !isLate(now) && !isLarge(state, landed);
    }

    private boolean isWaiting(SourceState state, Optional<SourceState> landed) {
        return !landed.equals(Optional.of(state))
                && (tail.missing(state.endOffsets()) > 0
                        || !files(state, landed).isEmpty());
    }

    private boolean isLate(Instant now) {
        return rule.every()
                .flatMap(every -> lastAt.map(at -> !now.isBefore(at.plus(every))))
                .orElse(false);
    }

    private boolean isLarge(SourceState state, Optional<SourceState> landed) {
        return rule.orSize()
                .map(size -> bytes(state, landed).map(bytes -> bytes >= size).orElse(true))
                .orElse(false);
    }

    /** About how much waits; empty where no record was landed yet. */
    private Optional<Double> bytes(SourceState state, Optional<SourceState> landed) {
        long files = files(state, landed).values().stream()
                .mapToLong(FileLook::length)
                .sum();
        long offsets = tail.missing(state.endOffsets());
        if (offsets == 0) {
            return Optional.of((double) files);
        }
        long records = last.stream().mapToLong(Landed::records).sum();
        long bytes = last.stream().mapToLong(Landed::bytes).sum();
        return records == 0 ? Optional.empty() : Optional.of((double) bytes / records * offsets);
    }

    /** Files to land. One that was there at the last landing and is not in the ledger had nothing new in it. */
    private Map<String, FileLook> files(SourceState state, Optional<SourceState> landed) {
        Map<String, FileLook> files = tail.missingFiles(state.files());
        landed.ifPresent(before -> files.entrySet()
                .removeIf(file -> before.files()
                        .getOrDefault(file.getKey(), new FileLook(-1, Instant.MIN))
                        .equals(file.getValue())));
        return files;
    }
}
