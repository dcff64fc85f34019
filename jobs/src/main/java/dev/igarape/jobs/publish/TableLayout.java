package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.storage.QuarantineSchema;
import dev.igarape.model.Layer;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Location, format and partitioning of a table and of its quarantine table, on HDFS and in Hive. */
public final class TableLayout {
    private final Target target;
    private final Table table;

    public TableLayout(Target target, Table table) {
        this.target = target;
        this.table = table;
    }

    /** Whether the table is partitioned by (date, batch) rather than by date alone. */
    public boolean batched() {
        return storage().isPartitionedBy(Storage.BATCH);
    }

    private Storage storage() {
        return table.definition()
                .storage()
                .orElseThrow(() -> new IllegalStateException(table.name() + " has no rows of its own"));
    }

    /** Whether the table is kept as a Delta table, which has no partitions. */
    public boolean isDelta() {
        return storage().format() == Storage.Format.DELTA;
    }

    /** Where a version of a Delta table lies. */
    public String deltaFolder(DeltaVersion version) {
        return folder() + "/" + version.folder();
    }

    public String folder() {
        return target.folder(table.name());
    }

    public String quarantineFolder() {
        return target.folder(table.name().quarantine());
    }

    /**
     * The table; empty as long as it has no columns, because nothing could be decoded yet, or no version in the case of a
     * Delta table.
     */
    Optional<HiveTable> mainIfAny(LedgerState state) {
        boolean missing =
                state.columns().isEmpty() || isDelta() && state.delta().isEmpty();
        return missing ? Optional.empty() : Optional.of(main(state));
    }

    HiveTable main(LedgerState state) {
        return new HiveTable(
                target.database(table.name().layer()),
                table.name().name(),
                table.description(),
                isDelta() ? deltaFolder(state.delta().orElseThrow()) : folder(),
                hive(storage().format()),
                state.columns(),
                isDelta()
                        ? Map.of()
                        : keys(furtherKeys(state.partitions(), storage().partitionColumns())),
                state.avroSchema());
    }

    HiveTable quarantine(LedgerState state) {
        TableName name = table.name().quarantine();
        return new HiveTable(
                target.database(name.layer()),
                name.name(),
                "Rows that a rule kept out of " + table.name(),
                quarantineFolder(),
                batched() ? HiveTable.Format.AVRO : HiveTable.Format.PARQUET,
                QuarantineSchema.columns(),
                keys(furtherKeys(state.quarantine(), batched() ? List.of(Storage.BATCH) : List.of())),
                batched() ? Optional.of(QuarantineSchema.schema().toString()) : Optional.empty());
    }

    String databaseFolder(Layer layer) {
        return target.hdfs() + target.root() + "/" + target.database(layer);
    }

    /**
     * Partition columns besides {@code date}. A table that was built by intervals and no longer is has that column as long
     * as it has partitions of intervals.
     */
    private List<String> furtherKeys(List<LedgerState.CurrentPartition> partitions, List<String> columns) {
        boolean byInterval = storage().isPartitionedBy(Storage.INTERVAL)
                || partitions.stream()
                        .anyMatch(current -> current.partition().interval().isPresent());
        return byInterval ? List.of(Storage.INTERVAL) : columns;
    }

    private static Map<String, String> keys(List<String> furtherKeys) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("date", "date");
        furtherKeys.forEach(key -> keys.put(key, "string"));
        return keys;
    }

    private static HiveTable.Format hive(Storage.Format format) {
        return switch (format) {
            case AVRO -> HiveTable.Format.AVRO;
            case PARQUET -> HiveTable.Format.PARQUET;
            case TEXT -> HiveTable.Format.TEXT;
            case DELTA -> HiveTable.Format.DELTA;
        };
    }
}
