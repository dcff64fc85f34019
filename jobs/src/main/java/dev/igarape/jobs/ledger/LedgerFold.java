package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Folds commits into a {@link LedgerState}, one after the other. It lives on after a state was taken, so that a commit costs
 * what it changes and one copy of references, not a copy of all maps.
 */
final class LedgerFold {
    private final TableName table;
    private long head;
    private Map<String, String> columns;
    private Optional<String> avroSchema;
    private final Map<String, Map<Integer, Long>> nextOffsets = new TreeMap<>();
    private final Map<String, String> topicIds;
    private final DatedMap<PartitionVersion.Key, LedgerState.CurrentPartition> partitions;
    private final DatedMap<PartitionVersion.Key, LedgerState.CurrentPartition> quarantine;
    private final DatedMap<LocalDate, LedgerState.Built> dates;
    private final Set<LocalDate> expired;
    private Optional<DeltaVersion> delta;
    private Optional<DeltaChanges> deltaChanges;
    /** States share it until it changes, because it has an entry for each file ever landed. */
    private Map<String, Consumed.FileVersion> files;

    private boolean sharesFiles = true;

    LedgerFold(LedgerState start) {
        this.table = start.table();
        this.head = start.head();
        this.columns = start.columns();
        this.avroSchema = start.avroSchema();
        start.nextOffsets().forEach((topic, next) -> nextOffsets.put(topic, new TreeMap<>(next)));
        this.topicIds = new TreeMap<>(start.topicIds());
        this.files = start.files();
        this.partitions = LedgerState.byKey(start.partitions());
        this.quarantine = LedgerState.byKey(start.quarantine());
        this.dates = LedgerState.byDate(start.dates());
        this.expired = new TreeSet<>(start.expired().orElse(Set.of()));
        this.delta = start.delta();
        this.deltaChanges = start.deltaChanges();
    }

    /** Adds the commit that follows. */
    void add(Commit commit) {
        if (commit.sequence() != head + 1) {
            throw new IllegalStateException(
                    "The ledger of " + table + " has a hole: " + commit.sequence() + " follows " + head);
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
            dates.put(new LedgerState.Built(commit.sequence(), commit.definitionHash(), build));
            expired.remove(build.date());
        }
        if (commit.operation() == Operation.EXPIRE) {
            commit.partitions().forEach(partition -> expired.add(partition.date()));
        }
        if (commit.delta().isPresent()) {
            deltaChanges = Optional.of(DeltaChanges.with(
                    deltaChanges, delta, commit.sequence(), commit.delta().get()));
            delta = commit.delta();
        }
        commit.cleaned().ifPresent(away -> {
            away.partitions().forEach(partitions::remove);
            away.quarantine().forEach(quarantine::remove);
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
        if (sharesFiles) {
            files = new TreeMap<>(files);
            sharesFiles = false;
        }
        files.putAll(consumed.files());
    }

    /** What holds after the last commit. */
    LedgerState state() {
        Map<String, Map<Integer, Long>> offsets = new TreeMap<>();
        nextOffsets.forEach((topic, next) -> offsets.put(topic, new TreeMap<>(next)));
        sharesFiles = true;
        return new LedgerState(
                Commit.VERSION,
                table,
                head,
                columns,
                avroSchema,
                offsets,
                new TreeMap<>(topicIds),
                files,
                partitions.list(),
                quarantine.list(),
                dates.list(),
                expired.isEmpty() ? Optional.empty() : Optional.of(expired),
                delta,
                deltaChanges);
    }

    /** Puts a partition last, for the order is that of the commits. */
    private static void put(
            DatedMap<PartitionVersion.Key, LedgerState.CurrentPartition> placed,
            Commit commit,
            PartitionVersion partition) {
        placed.putLast(new LedgerState.CurrentPartition(commit.sequence(), partition));
    }
}
