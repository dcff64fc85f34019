package dev.igarape.jobs.publish;

import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Layer;
import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.api.Partition;

/**
 * Publishes the platform's own tables. They have no ledger, because they can be rebuilt from the ledgers of the lake's
 * tables. As with every publish, a partition flips to a fresh folder in one metastore call.
 */
public final class OpsPublisher {
    private static final Duration EXPIRY = Metastore.SOCKET_TIMEOUT.plusSeconds(5);
    private static final Duration PATIENCE = EXPIRY.plusSeconds(5);

    private final Target target;
    private final Configuration hadoop;
    private final Clock clock;
    private final String owner;
    private final Supplier<Metastore> metastore;

    OpsPublisher(Target target, Configuration hadoop, Clock clock, String owner, Supplier<Metastore> metastore) {
        this.target = target;
        this.hadoop = hadoop;
        this.clock = clock;
        this.owner = owner;
        this.metastore = metastore;
    }

    /**
     * A partition's folder.
     *
     * @param location URI of the folder
     * @param sequence the last commit that its rows describe; 0 if none
     */
    public record Folder(String location, long sequence) {}

    /** Work that is done while a lease is held. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Runs work under a lease for this table's rows in {@code ops}. The lease is separate from the table's own, so that
     * a crash here does not delay the table's data.
     */
    public void withLease(TableName table, Work work) throws IOException, InterruptedException {
        TableName leased = new TableName(Layer.OPS, table.layer() + "_" + table.name());
        AtomicFiles leases = Lease.folder(hadoop, target.ledgerFolder(leased));
        try (Lease lease = Lease.acquire(leases, owner, clock, EXPIRY, PATIENCE)) {
            work.run();
        }
    }

    /**
     * Published folders of the partitions whose first values are these, by partition values. Empty if the table was
     * published with other columns, so that the caller publishes all folders again.
     */
    public Map<List<String>, Folder> published(PlatformTable table, List<String> leading) {
        String database = target.database(Layer.OPS);
        Map<List<String>, Folder> folders = new LinkedHashMap<>();
        if (metastore
                .get()
                .table(database, table.name())
                .filter(hiveTable(table)::matches)
                .isPresent()) {
            for (Partition partition : metastore.get().partitions(database, table.name(), leading)) {
                String sequence = partition.getParameters().getOrDefault(Publisher.SEQUENCE, "0");
                folders.put(
                        partition.getValues(), new Folder(partition.getSd().getLocation(), Long.parseLong(sequence)));
            }
        }
        return folders;
    }

    /** Publishes these folders, by partition values: existing partitions in one call, new ones in another. */
    public void publish(PlatformTable table, Map<List<String>, Folder> folders) {
        HiveTable wanted = hiveTable(table);
        Metastore hive = metastore.get();
        hive.ensureDatabase(wanted.database(), target.hdfs() + target.root() + "/" + wanted.database());
        Optional<org.apache.hadoop.hive.metastore.api.Table> existing = hive.table(wanted.database(), wanted.name());
        if (existing.isEmpty()) {
            hive.createTable(wanted.toMetastore());
        } else if (!wanted.matches(existing.get())) {
            hive.alterTable(wanted.toMetastore());
        }
        List<Partition> changed = new ArrayList<>();
        List<Partition> added = new ArrayList<>();
        Set<List<String>> known = known(wanted, folders.keySet());
        folders.forEach((values, folder) -> {
            Partition partition = wanted.partition(
                    new ArrayList<>(values),
                    folder.location(),
                    new LinkedHashMap<>(Map.of(Publisher.SEQUENCE, Long.toString(folder.sequence()))));
            (known.contains(values) ? changed : added).add(partition);
        });
        if (!changed.isEmpty()) {
            hive.alterPartitions(wanted.database(), wanted.name(), changed);
        }
        if (!added.isEmpty()) {
            hive.addAbsentPartitions(wanted.database(), wanted.name(), added);
        }
    }

    /** The existing ones among these partitions; all of them start with the same value. */
    private Set<List<String>> known(HiveTable table, Set<List<String>> values) {
        if (values.isEmpty()) {
            return Set.of();
        }
        List<String> leading = values.iterator().next().subList(0, 1);
        return metastore.get().partitions(table.database(), table.name(), leading).stream()
                .map(Partition::getValues)
                .collect(Collectors.toSet());
    }

    private HiveTable hiveTable(PlatformTable table) {
        return new HiveTable(
                target.database(Layer.OPS),
                table.name(),
                table.description(),
                folder(table),
                HiveTable.Format.AVRO,
                table.columns(),
                table.keys(),
                Optional.of(table.schema().toString()));
    }

    /** The table's folder, without a trailing slash. */
    public String folder(PlatformTable table) {
        return target.folder(new TableName(Layer.OPS, table.name()));
    }
}
