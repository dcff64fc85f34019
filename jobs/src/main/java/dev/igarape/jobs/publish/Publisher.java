package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Layer;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hive.metastore.api.Partition;

/**
 * Publishes a ledger's state in the metastore.
 *
 * <p>Every publish compares the whole ledger with the whole table, so it also publishes commits of earlier runs that
 * failed before publishing. All existing partitions are altered in one atomic call and all new ones added in another,
 * so that a reader sees either a date's old version or its new one. A {@link Lease} lets one publisher work on a table
 * at a time. Because a lease can expire while its owner stalls, publishing ends only when a read-back shows the
 * ledger's head everywhere.
 */
public final class Publisher implements Publishing, AutoCloseable {
    /** Much longer than a publish takes, but short for someone who reruns a killed job. */
    private static final Duration EXPIRY = Metastore.SOCKET_TIMEOUT.plusSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int ROUNDS = 10;
    /** The interval of a partition that holds a date in one piece. */
    private static final String WHOLE_DATE = "all";

    static final String SEQUENCE = "igarape.sequence";

    private final Target target;
    private final Configuration hadoop;
    private final FileSystem files;
    private final Clock clock;
    private final String owner;
    private final Step.Listener steps;
    private Optional<Metastore> metastore = Optional.empty();

    /** @param owner id of the run, shown to publishers that wait for the lease */
    public Publisher(
            Target target, Configuration hadoop, FileSystem files, Clock clock, String owner, Step.Listener steps) {
        this.target = target;
        this.hadoop = hadoop;
        this.files = files;
        this.clock = clock;
        this.owner = owner;
        this.steps = steps;
    }

    /**
     * Publishes a table; does nothing if the metastore already shows the ledger's head.
     *
     * @throws LakeException (UNAVAILABLE) if the metastore or the lease is not available
     */
    @Override
    public void publish(Table table, Ledger ledger) throws IOException, InterruptedException {
        if (isPublished(table, ledger.read())) {
            return;
        }
        AtomicFiles leases = new AtomicFiles(hadoop, new Path(target.ledgerFolder(table.name())));
        for (int round = 0; round < ROUNDS; round++) {
            try (Lease lease = Lease.acquire(leases, owner, clock, EXPIRY, PATIENCE)) {
                steps.reached(Step.LEASED);
                flip(table, ledger, ledger.read(), lease);
                if (isPublished(table, ledger.read())) {
                    steps.reached(Step.PUBLISHED);
                    return;
                }
            }
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot publish " + table.name() + ": after " + ROUNDS + " rounds the metastore still shows other"
                        + " versions than the ledger. Another publisher or a manual change works against this one;"
                        + " stop it and run ./lake repair.");
    }

    /** Whether the metastore shows the ledger's head. */
    public boolean isPublished(Table table, LedgerState state) {
        TableLayout layout = new TableLayout(target, table);
        return (state.columns().isEmpty() || isUpToDate(layout.main(state), state.partitions()))
                && (!hasQuarantine(layout, state) || isUpToDate(layout.quarantine(state), state.quarantine()));
    }

    /** Whether the quarantine table must be published: it has partitions, or exists from earlier ones. */
    private boolean hasQuarantine(TableLayout layout, LedgerState state) {
        HiveTable quarantine = layout.quarantine(state);
        return !state.quarantine().isEmpty()
                || metastore().table(quarantine.database(), quarantine.name()).isPresent();
    }

    private boolean isUpToDate(HiveTable wanted, List<LedgerState.CurrentPartition> placed) {
        Metastore hive = metastore();
        return hive.table(wanted.database(), wanted.name())
                .filter(wanted::matches)
                .map(table -> Difference.of(hive.partitions(wanted.database(), wanted.name()), wanted, placed))
                .filter(Difference::isNone)
                .isPresent();
    }

    /** One attempt to publish a state; returns early, to be retried, if another publisher has taken over. */
    private void flip(Table table, Ledger ledger, LedgerState state, Lease lease) throws IOException {
        TableLayout layout = new TableLayout(target, table);
        if (hasQuarantine(layout, state)) {
            flip(layout, Layer.QUARANTINE, layout.quarantine(state), ledger, state.head(), state.quarantine(), lease);
        }
        // If nothing could be decoded yet, the table has no columns.
        if (!state.columns().isEmpty()) {
            flip(layout, table.name().layer(), layout.main(state), ledger, state.head(), state.partitions(), lease);
        }
    }

    private void flip(
            TableLayout layout,
            Layer layer,
            HiveTable wanted,
            Ledger ledger,
            long head,
            List<LedgerState.CurrentPartition> placed,
            Lease lease)
            throws IOException {
        Metastore hive = metastore();
        Optional<org.apache.hadoop.hive.metastore.api.Table> existing = hive.table(wanted.database(), wanted.name());
        if (existing.isEmpty()) {
            hive.ensureDatabase(wanted.database(), layout.databaseFolder(layer));
            hive.createTable(wanted.toMetastore());
        } else if (!wanted.matches(existing.get())) {
            // Columns first, because partitions need them.
            hive.alterTable(wanted.toMetastore());
        }
        Difference difference = Difference.of(hive.partitions(wanted.database(), wanted.name()), wanted, placed);
        requireFolders(difference.changed());
        requireFolders(difference.added());
        if (!lease.isHeld()) {
            return;
        }
        if (difference.newest() > head && ledger.read().head() > head) {
            // This publisher stalled, and another one has published commits that this reading of the ledger does not
            // include. If the ledger itself has no later commits, it was restored from an older backup, and its state
            // is published.
            return;
        }
        if (!difference.changed().isEmpty()) {
            hive.alterPartitions(wanted.database(), wanted.name(), difference.changed());
        }
        steps.reached(Step.ALTERED);
        if (!lease.isHeld()) {
            return;
        }
        if (!difference.added().isEmpty()) {
            hive.addPartitions(wanted.database(), wanted.name(), difference.added());
        }
        if (!difference.removed().isEmpty()) {
            hive.dropPartitions(wanted.database(), wanted.name(), difference.removed());
        }
        steps.reached(Step.ADDED);
    }

    private void requireFolders(List<Partition> partitions) throws IOException {
        for (Partition partition : partitions) {
            if (!files.exists(new Path(partition.getSd().getLocation()))) {
                throw new LakeException(
                        ExitCode.BUG,
                        "Cannot publish " + partition.getDbName() + "." + partition.getTableName() + " "
                                + partition.getValues() + ": its folder "
                                + partition.getSd().getLocation()
                                + " is gone. Readers keep the old version; rebuild that date.");
            }
        }
    }

    /** Drops the databases of a scratch target with all their tables; the files stay. */
    public void discard() {
        if (target.prefix().isEmpty()) {
            throw new IllegalArgumentException(
                    "target " + target.name() + " has no prefix, so it is no scratch target");
        }
        for (Layer layer : Layer.values()) {
            metastore().dropDatabase(target.database(layer));
        }
    }

    /** A publisher for the platform's own tables, which shares this one's connection. */
    public OpsPublisher ops() {
        return new OpsPublisher(target, hadoop, clock, owner, this::metastore);
    }

    private Metastore metastore() {
        if (metastore.isEmpty()) {
            metastore = Optional.of(Metastore.connect(target.metastore(), hadoop));
        }
        return metastore.get();
    }

    @Override
    public void close() {
        metastore.ifPresent(Metastore::close);
    }

    /**
     * Differences between the metastore's partitions and the ledger's.
     *
     * @param newest the latest commit that the metastore shows
     */
    private record Difference(long newest, List<Partition> changed, List<Partition> added, List<List<String>> removed) {
        boolean isNone() {
            return changed.isEmpty() && added.isEmpty() && removed.isEmpty();
        }

        static Difference of(List<Partition> existing, HiveTable wanted, List<LedgerState.CurrentPartition> placed) {
            Map<List<String>, Partition> shown = new LinkedHashMap<>();
            existing.forEach(partition -> shown.put(partition.getValues(), partition));
            long newest = shown.values().stream()
                    .map(partition -> partition.getParameters().getOrDefault(SEQUENCE, "0"))
                    .mapToLong(Long::parseLong)
                    .max()
                    .orElse(0);
            List<Partition> changed = new ArrayList<>();
            List<Partition> added = new ArrayList<>();
            for (LedgerState.CurrentPartition place : placed) {
                Partition partition = partition(wanted, place);
                Partition current = shown.remove(partition.getValues());
                if (current == null) {
                    added.add(partition);
                } else if (!current.getSd()
                        .getLocation()
                        .equals(partition.getSd().getLocation())) {
                    changed.add(partition);
                }
            }
            return new Difference(newest, changed, added, new ArrayList<>(shown.keySet()));
        }

        private static Partition partition(HiveTable table, LedgerState.CurrentPartition place) {
            PartitionVersion version = place.partition();
            List<String> values = new ArrayList<>();
            values.add(version.date().toString());
            if (table.keys().containsKey(Storage.INTERVAL)) {
                values.add(version.interval().orElse(WHOLE_DATE));
            }
            version.batch().ifPresent(values::add);
            version.recordName().ifPresent(values::add);
            Map<String, String> parameters = new HashMap<>();
            parameters.put(SEQUENCE, Long.toString(place.sequence()));
            parameters.put("igarape.files", Integer.toString(version.files()));
            parameters.put("igarape.rows", Long.toString(version.rows()));
            parameters.put("igarape.bytes", Long.toString(version.bytes()));
            return table.partition(values, table.location() + "/" + version.path(), parameters);
        }
    }
}
