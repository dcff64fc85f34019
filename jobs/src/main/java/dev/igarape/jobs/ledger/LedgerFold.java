package dev.igarape.jobs.ledger;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Folds commits into a {@link LedgerState}, one after the other. */
final class LedgerFold {
    private final LedgerState start;
    private long head;
    private Map<String, String> columns;
    private Optional<String> avroSchema;
    private final Map<String, Map<Integer, Long>> nextOffsets = new TreeMap<>();
    private final Map<String, String> topicIds;
    private final Map<String, Consumed.FileVersion> files;
    private final Map<PartitionVersion.Key, LedgerState.CurrentPartition> partitions;
    private final Map<PartitionVersion.Key, LedgerState.CurrentPartition> quarantine;
    private final Map<LocalDate, LedgerState.Built> dates = new LinkedHashMap<>();
    private final Set<LocalDate> expired;

    LedgerFold(LedgerState start) {
        this.start = start;
        this.head = start.head();
        this.columns = start.columns();
        this.avroSchema = start.avroSchema();
        start.nextOffsets().forEach((topic, next) -> nextOffsets.put(topic, new TreeMap<>(next)));
        this.topicIds = new TreeMap<>(start.topicIds());
        this.files = new TreeMap<>(start.files());
        this.partitions = index(start.partitions());
        this.quarantine = index(start.quarantine());
        start.dates().forEach(built -> dates.put(built.build().date(), built));
        this.expired = new TreeSet<>(start.expired().orElse(Set.of()));
    }

    /** Adds the commit that follows. */
    void add(Commit commit) {
        if (commit.sequence() != head + 1) {
            throw new IllegalStateException(
                    "The ledger of " + start.table() + " has a hole: " + commit.sequence() + " follows " + head);
        }
        head = commit.sequence();
        if (!commit.columns().isEmpty() || commit.avroSchema().isPresent()) {
            columns = commit.columns();
            avroSchema = commit.avroSchema();
        }
        commit.consumed().ifPresent(consumed -> consumed.addTo(this));
        commit.partitions().forEach(partition -> put(partitions, commit, partition));
        commit.quarantine().forEach(partition -> put(quarantine, commit, partition));
        for (DateBuild build : commit.dates()) {
            dates.put(build.date(), new LedgerState.Built(commit.sequence(), commit.definitionHash(), build));
            expired.remove(build.date());
        }
        if (commit.operation() == Operation.EXPIRE) {
            commit.partitions().forEach(partition -> expired.add(partition.date()));
        }
        commit.cleaned().ifPresent(away -> {
            partitions.keySet().removeAll(away.partitions());
            quarantine.keySet().removeAll(away.quarantine());
        });
    }

    void add(Consumed.Topics consumed) {
        consumed.topics().forEach((name, topic) -> {
            boolean recreated = topic.id()
                    .filter(id -> !id.equals(topicIds.getOrDefault(name, id)))
                    .isPresent();
            if (recreated) {
                // Partitions that the new topic does not have are nobody's to land.
                nextOffsets.remove(name);
            }
            topic.id().ifPresent(id -> topicIds.put(name, id));
            topic.partitions()
                    .forEach((partition, offsets) -> nextOffsets
                            .computeIfAbsent(name, key -> new TreeMap<>())
                            .put(partition, offsets.until()));
        });
    }

    void add(Consumed.Files consumed) {
        files.putAll(consumed.files());
    }

    /** What holds after the last commit. */
    LedgerState state() {
        return new LedgerState(
                Commit.VERSION,
                start.table(),
                head,
                columns,
                avroSchema,
                nextOffsets,
                topicIds,
                files,
                new ArrayList<>(partitions.values()),
                new ArrayList<>(quarantine.values()),
                new ArrayList<>(dates.values()),
                expired.isEmpty() ? Optional.empty() : Optional.of(expired));
    }

    private static Map<PartitionVersion.Key, LedgerState.CurrentPartition> index(
            List<LedgerState.CurrentPartition> list) {
        Map<PartitionVersion.Key, LedgerState.CurrentPartition> index = new LinkedHashMap<>();
        list.forEach(placed -> index.put(placed.partition().key(), placed));
        return index;
    }

    /** Puts a partition last, for the order is that of the commits. */
    private static void put(
            Map<PartitionVersion.Key, LedgerState.CurrentPartition> index, Commit commit, PartitionVersion partition) {
        index.remove(partition.key());
        index.put(partition.key(), new LedgerState.CurrentPartition(commit.sequence(), partition));
    }
}
