package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Versions of an input as read from its ledger, indexed by date. */
public final class LedgerVersions implements InputVersions {
    private final LedgerState state;
    private final boolean dated;
    private final Landed landed;
    private final Map<LocalDate, List<CurrentPartition>> shown = new HashMap<>();
    private final Set<LocalDate> expired;

    /** Reads how far a table has been landed. */
    @FunctionalInterface
    public interface Landed {
        /** See {@link InputVersions#landedUntil}. */
        Optional<Instant> until() throws IOException;
    }

    /**
     * @param dated see {@link InputVersions#isDated}
     * @param landed asked only when it matters
     */
    public LedgerVersions(LedgerState state, boolean dated, Landed landed) {
        this.state = state;
        this.dated = dated;
        this.landed = landed;
        expired = state.expired().orElse(Set.of());
        for (CurrentPartition current : state.partitions()) {
            if (!current.partition().isEmptied()) {
                shown.computeIfAbsent(current.partition().date(), date -> new ArrayList<>())
                        .add(current);
            }
        }
    }

    @Override
    public boolean isEmpty() {
        return state.head() == 0;
    }

    @Override
    public boolean isDated() {
        return dated;
    }

    @Override
    public Set<LocalDate> dates() {
        return shown.keySet();
    }

    @Override
    public boolean has(LocalDate date) {
        return shown.containsKey(date);
    }

    @Override
    public TreeMap<Long, Long> commits(LocalDate date, Reach reach) {
        TreeMap<Long, Long> commits = new TreeMap<>();
        for (LocalDate day : reach.datesOf(date)) {
            for (CurrentPartition current : shown.getOrDefault(day, List.of())) {
                if (reach.reads(date, current.partition())) {
                    current.rowsByCommit().forEach((sequence, count) -> commits.merge(sequence, count, Long::sum));
                }
            }
        }
        return commits;
    }

    @Override
    public boolean haveExpired(LocalDate date, Reach reach) {
        return !expired.isEmpty() && reach.datesOf(date).stream().anyMatch(expired::contains);
    }

    @Override
    public long rows(LocalDate date) {
        return shown.getOrDefault(date, List.of()).stream()
                .mapToLong(current -> current.partition().rows())
                .sum();
    }

    @Override
    public long bytes(LocalDate date) {
        return shown.getOrDefault(date, List.of()).stream()
                .mapToLong(current -> current.partition().bytes())
                .sum();
    }

    @Override
    public long bytes(LocalDate date, List<TimeRange> times) {
        return shown.getOrDefault(date, List.of()).stream()
                .map(CurrentPartition::partition)
                .filter(partition -> partition.mayHave(times))
                .mapToLong(PartitionVersion::bytes)
                .sum();
    }

    @Override
    public Set<LocalDate> readers(Reach reach) {
        Set<LocalDate> readers = new TreeSet<>();
        shown.forEach((day, partitions) -> {
            for (LocalDate date : reach.readersOf(day)) {
                if (partitions.stream().anyMatch(current -> reach.reads(date, current.partition()))) {
                    readers.add(date);
                }
            }
        });
        return readers;
    }

    @Override
    public Optional<Instant> landedUntil() throws IOException {
        return landed.until();
    }
}
