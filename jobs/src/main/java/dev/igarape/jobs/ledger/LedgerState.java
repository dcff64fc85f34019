package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All commits of a table folded into what holds now.
 *
 * <p>A partition belongs to the last commit that wrote it. Serialised as a snapshot, so that reading a long ledger
 * stays short.
 *
 * @param head sequence number of the last commit; 0 where there is none
 * @param nextOffsets first offset not yet landed, by topic and partition
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
        List<Placed> partitions,
        List<Placed> quarantine,
        List<Built> dates,
        Optional<Set<LocalDate>> expired) {
    /** A partition and the commit that it comes from. */
    public record Placed(long sequence, PartitionVersion partition) {
        /** Its rows by the commit that brought them into the table; no entry where it holds nothing any more. */
        public Map<Long, Long> origins() {
            return partition.origins().orElseGet(() -> Map.of(sequence, partition.rows()));
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
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** The partitions of one date, in commit order; empty where the date was never committed or has expired. */
    public List<Placed> partitionsOf(LocalDate date) {
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
        long newHead = head;
        Map<String, String> newColumns = columns;
        Optional<String> newSchema = avroSchema;
        Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
        nextOffsets.forEach((topic, next) -> offsets.put(topic, new TreeMap<>(next)));
        Map<String, String> ids = new TreeMap<>(topicIds);
        Map<PartitionVersion.Key, Placed> placed = index(partitions);
        Map<PartitionVersion.Key, Placed> set = index(quarantine);
        Map<LocalDate, Built> built = new LinkedHashMap<>();
        dates.forEach(b -> built.put(b.build().date(), b));
        Set<LocalDate> past = new TreeSet<>(expired.orElse(Set.of()));
        for (Commit commit : commits) {
            if (commit.sequence() != newHead + 1) {
                throw new IllegalStateException(
                        "The ledger of " + table + " has a hole: " + commit.sequence() + " follows " + newHead);
            }
            newHead = commit.sequence();
            if (!commit.columns().isEmpty() || commit.avroSchema().isPresent()) {
                newColumns = commit.columns();
                newSchema = commit.avroSchema();
            }
            commit.topicIds().forEach((topic, id) -> {
                if (!id.equals(ids.getOrDefault(topic, id))) {
                    // The topic was created anew: partitions that it no longer has are nobody's to land.
                    offsets.remove(topic);
                }
            });
            commit.offsets()
                    .forEach((topic, ranges) -> ranges.forEach((partition, range) ->
                            offsets.computeIfAbsent(topic, t -> new TreeMap<>()).put(partition, range.until())));
            ids.putAll(commit.topicIds());
            for (PartitionVersion partition : commit.partitions()) {
                place(placed, commit, partition);
            }
            for (PartitionVersion partition : commit.quarantine()) {
                place(set, commit, partition);
            }
            for (DateBuild build : commit.dates()) {
                built.put(build.date(), new Built(commit.sequence(), commit.definitionHash(), build));
                past.remove(build.date());
            }
            if (commit.operation() == Operation.EXPIRE) {
                commit.partitions().forEach(partition -> past.add(partition.date()));
            }
            commit.cleaned().ifPresent(away -> {
                placed.keySet().removeAll(away.partitions());
                set.keySet().removeAll(away.quarantine());
            });
        }
        return new LedgerState(
                Commit.VERSION,
                table,
                newHead,
                newColumns,
                newSchema,
                offsets,
                ids,
                new ArrayList<>(placed.values()),
                new ArrayList<>(set.values()),
                new ArrayList<>(built.values()),
                past.isEmpty() ? Optional.empty() : Optional.of(past));
    }

    private static Map<PartitionVersion.Key, Placed> index(List<Placed> list) {
        Map<PartitionVersion.Key, Placed> index = new LinkedHashMap<>();
        list.forEach(p -> index.put(p.partition().key(), p));
        return index;
    }

    private static void place(Map<PartitionVersion.Key, Placed> index, Commit commit, PartitionVersion partition) {
        index.remove(partition.key());
        index.put(partition.key(), new Placed(commit.sequence(), partition));
    }
}
