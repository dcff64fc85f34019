package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All commits of a table folded into what holds now.
 *
 * <p>A partition belongs to the last commit that wrote it; partitions are in the order of these commits. Serialised as a snapshot, so that reading a long ledger
 * stays short.
 *
 * @param head sequence number of the last commit; 0 where there is none
 * @param nextOffsets first offset not yet landed, by topic and partition
 * @param topicIds Kafka's id of each topic when it was last landed
 * @param files the last version landed of each file, by path
 * @param expired dates that have lost rows because their time was up
 * @param delta the version of a table that is kept as a Delta table; empty for others, and before its first build
 * @param deltaChanges which commits changed its rows; empty where {@code delta} is
 */
public record LedgerState(
        int version,
        TableName table,
        long head,
        Map<String, String> columns,
        Optional<String> avroSchema,
        Map<String, Map<Integer, Long>> nextOffsets,
        Map<String, String> topicIds,
        Map<String, Consumed.FileVersion> files,
        List<CurrentPartition> partitions,
        List<CurrentPartition> quarantine,
        List<Built> dates,
        Optional<Set<LocalDate>> expired,
        Optional<DeltaVersion> delta,
        Optional<DeltaChanges> deltaChanges) {
    /** A partition as readers see it, and the commit that wrote it last. */
    public record CurrentPartition(long sequence, PartitionVersion partition) {
        private LocalDate date() {
            return partition.date();
        }

        private PartitionVersion.Key key() {
            return partition.key();
        }

        /** Its rows by the commit that brought them into the table; none where it holds nothing any more. */
        public RowsByCommit rowsByCommit() {
            return partition.rowsByCommit().orElseGet(() -> RowsByCommit.of(sequence, partition.rows()));
        }
    }

    /** The last build of a date. */
    public record Built(long sequence, String definitionHash, DateBuild build) {
        private LocalDate date() {
            return build.date();
        }
    }

    public LedgerState {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        partitions = DatedList.copyOf(partitions, CurrentPartition::date);
        quarantine = DatedList.copyOf(quarantine, CurrentPartition::date);
        dates = DatedList.copyOf(dates, Built::date);
        expired = expired.map(days -> Collections.unmodifiableSet(new TreeSet<>(days)));
        long last = head;
        // A snapshot that does not say it: any commit may have changed any row.
        deltaChanges = deltaChanges.or(() -> delta.map(any -> DeltaChanges.unknown(last)));
    }

    static LedgerState empty(TableName table) {
        return new LedgerState(
                Commit.VERSION,
                table,
                0,
                Map.of(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The partitions of one date, in commit order; empty where the date was never committed or has expired. */
    public List<CurrentPartition> partitionsOf(LocalDate date) {
        return DatedList.copyOf(partitions, CurrentPartition::date).of(date).stream()
                .filter(placed -> !placed.partition().isEmptied())
                .toList();
    }

    /** The partitions of one date in quarantine; empty where it has none, or none any more. */
    public List<CurrentPartition> quarantineOf(LocalDate date) {
        return DatedList.copyOf(quarantine, CurrentPartition::date).of(date).stream()
                .filter(placed -> !placed.partition().isEmptied())
                .toList();
    }

    /** The dates that have partitions, also those that hold nothing any more. */
    public Set<LocalDate> partitionedDates() {
        return DatedList.copyOf(partitions, CurrentPartition::date).dates();
    }

    /** The dates that have been built. */
    public Set<LocalDate> builtDates() {
        return DatedList.copyOf(dates, Built::date).dates();
    }

    /** Whether a date was built by another definition than the one of this hash. */
    public boolean hasOtherDefinitionThan(String hash) {
        return dates.stream().anyMatch(built -> !built.definitionHash().equals(hash));
    }

    /** The last build of one date. */
    public Optional<Built> builtOf(LocalDate date) {
        return DatedList.copyOf(dates, Built::date).of(date).stream().findFirst();
    }

    /**
     * Of a table with keys, the versions of its inputs without dates that its rows were computed with, by the last step: all of them
     * with the same. Empty before the first one, and where it has no such inputs.
     */
    public Map<TableName, SnapshotRead> lastSnapshots() {
        return dates.stream()
                .max(Comparator.comparingLong(Built::sequence))
                .map(built -> built.build().snapshots())
                .orElse(Map.of());
    }

    /** Those of a state's partitions that commits after this one wrote last. They are its last ones; no others are looked at. */
    public static List<CurrentPartition> since(long sequence, List<CurrentPartition> partitions) {
        int place = partitions.size();
        while (place > 0 && partitions.get(place - 1).sequence() > sequence) {
            place--;
        }
        return partitions.subList(place, partitions.size());
    }

    /** Keeps partitions of a ledger by their keys. */
    static DatedMap<PartitionVersion.Key, CurrentPartition> byKey(List<CurrentPartition> partitions) {
        return new DatedMap<>(partitions, CurrentPartition::key, CurrentPartition::date);
    }

    /** Keeps builds by their dates. */
    static DatedMap<LocalDate, Built> byDate(List<Built> dates) {
        return new DatedMap<>(dates, Built::date, Built::date);
    }

    /** This state and the commits that follow it, in order. */
    LedgerState with(Collection<Commit> commits) {
        if (commits.isEmpty()) {
            return this;
        }
        LedgerFold fold = new LedgerFold(this);
        commits.forEach(fold::add);
        return fold.state();
    }
}
