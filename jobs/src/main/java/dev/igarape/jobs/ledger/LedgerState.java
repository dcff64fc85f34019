package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All commits of a table folded into what holds now.
 *
 * <p>A partition belongs to the last commit that wrote it. Serialised as a snapshot, so that reading a long ledger
 * stays short.
 *
 * @param head sequence number of the last commit; 0 where there is none
 * @param nextOffsets first offset not yet landed, by topic and partition
 * @param topicIds Kafka's id of each topic when it was last landed
 * @param files the last version landed of each file, by path
 * @param expired dates that have lost rows because their time was up
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
        Optional<Set<LocalDate>> expired) {
    /** A partition as readers see it, and the commit that wrote it last. */
    public record CurrentPartition(long sequence, PartitionVersion partition) {
        /** Its rows by the commit that brought them into the table; no entry where it holds nothing any more. */
        public Map<Long, Long> rowsByCommit() {
            return partition.rowsByCommit().orElseGet(() -> Map.of(sequence, partition.rows()));
        }
    }

    /** The last build of a date. */
    public record Built(long sequence, String definitionHash, DateBuild build) {}

    public LedgerState {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        partitions = List.copyOf(partitions);
        quarantine = List.copyOf(quarantine);
        dates = List.copyOf(dates);
        expired = expired.map(days -> Collections.unmodifiableSet(new TreeSet<>(days)));
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
                Optional.empty());
    }

    /** The partitions of one date, in commit order; empty where the date was never committed or has expired. */
    public List<CurrentPartition> partitionsOf(LocalDate date) {
        return partitions.stream()
                .filter(p -> p.partition().date().equals(date) && !p.partition().isEmptied())
                .toList();
    }

    /** The last build of one date. */
    public Optional<Built> builtOf(LocalDate date) {
        return dates.stream().filter(b -> b.build().date().equals(date)).findFirst();
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
