package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.RowsByCommit;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Versions of an input as read from its ledger, indexed by date. */
public final class LedgerVersions implements InputVersions {
    private final LedgerState state;
    private final Commits ledger;
    private final boolean dated;
    private final Landed landed;
    private final Set<LocalDate> expired;

    /** Reads a commit of the ledger. */
    @FunctionalInterface
    public interface Commits {
        /** The commit of this number. */
        Commit of(long sequence) throws IOException;
    }

    /** Reads how far a table has been landed. */
    @FunctionalInterface
    public interface Landed {
        /** See {@link InputVersions#landedUntil}. */
        Optional<Instant> until() throws IOException;
    }

    /**
     * @param ledger asked only when the state does not tell
     * @param dated see {@link InputVersions#isDated}
     * @param landed asked only when it matters
     */
    public LedgerVersions(LedgerState state, Commits ledger, boolean dated, Landed landed) {
        this.state = state;
        this.ledger = ledger;
        this.dated = dated;
        this.landed = landed;
        expired = state.expired().orElse(Set.of());
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
    public boolean has(LocalDate date) {
        return !state.partitionsOf(date).isEmpty();
    }

    @Override
    public SequenceSet commits(LocalDate date, Reach reach) {
        return SequenceSet.union(read(date, reach)
                .flatMap(current -> current.rowsByCommit().parts().stream())
                .map(RowsByCommit.Part::commits)
                .toList());
    }

    private Stream<CurrentPartition> read(LocalDate date, Reach reach) {
        return reach.datesOf(date).stream()
                .flatMap(day -> state.partitionsOf(day).stream())
                .filter(current -> reach.reads(date, current.partition()));
    }

    @Override
    public long rows(LocalDate date, Reach reach, SequenceSet commits) throws IOException {
        long rows = 0;
        for (CurrentPartition current : read(date, reach).toList()) {
            for (RowsByCommit.Part part : current.rowsByCommit().parts()) {
                SequenceSet wanted = commits.intersection(new SequenceSet(List.of(part.commits())));
                boolean all = wanted.size() == part.commits().size() || wanted.size() > ChangedTimes.MOST_READ;
                rows += all ? part.rows() : landed(current.partition(), wanted);
            }
        }
        return rows;
    }

    /** Rows of some of the commits that were put together in a partition: of a landing, whose commits only add rows. */
    private long landed(PartitionVersion merged, SequenceSet commits) throws IOException {
        long rows = 0;
        for (long sequence : commits.numbers().toArray()) {
            rows += ledger.of(sequence).partitions().stream()
                    .filter(partition -> partition.date().equals(merged.date())
                            && partition.recordName().equals(merged.recordName()))
                    .mapToLong(PartitionVersion::rows)
                    .sum();
        }
        return rows;
    }

    @Override
    public boolean haveExpired(LocalDate date, Reach reach) {
        return !expired.isEmpty() && reach.datesOf(date).stream().anyMatch(expired::contains);
    }

    @Override
    public long rows(LocalDate date) {
        return state.partitionsOf(date).stream()
                .mapToLong(current -> current.partition().rows())
                .sum();
    }

    @Override
    public long bytes(LocalDate date) {
        return state.partitionsOf(date).stream()
                .mapToLong(current -> current.partition().bytes())
                .sum();
    }

    @Override
    public long bytes(LocalDate date, List<TimeRange> times) {
        return state.partitionsOf(date).stream()
                .map(CurrentPartition::partition)
                .filter(partition -> partition.mayHave(times))
                .mapToLong(PartitionVersion::bytes)
                .sum();
    }

    @Override
    public Set<LocalDate> readers(Reach reach) {
        return state.partitionedDates().stream()
                .flatMap(day -> readers(reach, day))
                .collect(Collectors.toSet());
    }

    private Stream<LocalDate> readers(Reach reach, LocalDate day) {
        List<CurrentPartition> partitions = state.partitionsOf(day);
        return reach.readersOf(day).stream()
                .filter(date -> partitions.stream().anyMatch(current -> reach.reads(date, current.partition())));
    }

    @Override
    public Optional<Instant> landedUntil() throws IOException {
        return landed.until();
    }
}
