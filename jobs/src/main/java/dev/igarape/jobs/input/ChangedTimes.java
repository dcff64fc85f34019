package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.TimeRange;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The event times of rows that commits of an input have brought or replaced. */
public final class ChangedTimes {
    private final Ledger ledger;
    private final LedgerState state;

    /** @param state of this ledger */
    public ChangedTimes(Ledger ledger, LedgerState state) {
        this.ledger = ledger;
        this.state = state;
    }

    /** Current partitions that a date reads and that have rows of these commits. */
    public List<CurrentPartition> partitions(LocalDate date, Reach reach, Set<Long> commits) {
        return reach.datesOf(date).stream()
                .flatMap(day -> state.partitionsOf(day).stream())
                .filter(current -> reach.reads(date, current.partition()))
                .filter(current -> current.rowsByCommit().keySet().stream().anyMatch(commits::contains))
                .toList();
    }

    /**
     * The times of all that these commits wrote, also of intervals without rows, for these may have had some before; empty
     * if they are not known.
     */
    public Optional<List<TimeRange>> written(LocalDate date, Reach reach, Collection<Long> commits) throws IOException {
        List<TimeRange> ranges = new ArrayList<>();
        for (long sequence : commits) {
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
