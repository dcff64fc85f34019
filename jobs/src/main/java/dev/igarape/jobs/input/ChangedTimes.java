package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The event times of rows that commits of an input have brought or replaced. */
public final class ChangedTimes {
    /** Commits of a few seconds to read from HDFS: to look at the rows, or to build a date whole, takes no longer. */
    static final int MOST_READ = 1_000;

    /** More are not worth the time to read them, since most have changed other dates. */
    private static final int MOST_FOLLOWED = 60;

    private final Ledger ledger;
    private final LedgerState state;

    /** @param state of this ledger */
    public ChangedTimes(Ledger ledger, LedgerState state) {
        this.ledger = ledger;
        this.state = state;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Current partitions that a date reads and that have rows of these commits. */
    public List<CurrentPartition> partitions(LocalDate date, Reach reach, SequenceSet commits) {
        return reach.datesOf(date).stream()
                .flatMap(day -> state.partitionsOf(day).stream())
                .filter(current -> reach.reads(date, current.partition()))
                .filter(current -> current.rowsByCommit().commits().intersects(commits))
                .toList();
    }

    /**
     * The times in which a date may differ from what it was after a commit: all that later ones say that they have changed, or
     * wrote. Empty if that is not known, or if these are too many commits to look at each.
     *
     * @param read the commit, and nothing older than it, was read
     */
    public Optional<List<TimeRange>> since(LocalDate date, Reach reach, long read) throws IOException {
        if (state.head() - read > MOST_FOLLOWED) {
            return Optional.empty();
        }
        List<TimeRange> ranges = new ArrayList<>();
        for (long sequence = read + 1; sequence <= state.head(); sequence++) {
            Commit commit = ledger.commit(sequence);
            Map<LocalDate, List<TimeRange>> changed = new HashMap<>();
            commit.dates().forEach(build -> changed.put(build.date(), build.changed()));
            for (PartitionVersion partition : commit.partitions()) {
                if (partition.isEmptied() || !reach.reads(date, partition)) {
                    continue;
                }
                if (partition.rowsByCommit().isPresent()) {
                    // A rollback or compaction lists all that it has moved, and the commits of its rows tell what
                    // differs.
                    return Optional.empty();
                }
                List<TimeRange> known = changed.getOrDefault(partition.date(), List.of());
                if (!known.isEmpty()) {
                    ranges.addAll(known);
                } else if (partition.times().isPresent()) {
                    ranges.add(partition.times().get());
                } else {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(ranges.stream().distinct().toList());
    }

    /**
     * The times of all that these commits wrote, also of intervals without rows, for these may have had some before; empty
     * if they are not known, or if these are more commits than are worth reading.
     */
    public Optional<List<TimeRange>> written(LocalDate date, Reach reach, SequenceSet commits) throws IOException {
        if (commits.size() > MOST_READ) {
            return Optional.empty();
        }
        List<TimeRange> ranges = new ArrayList<>();
        for (long sequence : commits.numbers().toArray()) {
            for (PartitionVersion partition : ledger.commit(sequence).partitions()) {
                boolean read = !partition.isEmptied() && reach.reads(date, partition);
                if (read && partition.times().isEmpty()) {
                    return Optional.empty();
                }
                if (read) {
                    ranges.add(partition.times().get());
                }
            }
        }
        return Optional.of(ranges);
    }
}
