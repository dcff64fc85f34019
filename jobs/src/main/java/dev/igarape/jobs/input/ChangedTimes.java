package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The event times of rows that commits of an input have brought or replaced. */
public final class ChangedTimes {
    /** Commits of a few seconds to read from HDFS: to look at the rows, or to build a date whole, takes no longer. */
    static final int MOST_READ = 1_000;

    private final Ledger ledger;
    private final LedgerState state;

    /** @param state of this ledger */
    public ChangedTimes(Ledger ledger, LedgerState state) {
        this.ledger = ledger;
        this.state = state;
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
