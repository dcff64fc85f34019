package dev.igarape.model;

import java.util.List;
import java.util.Optional;

/**
 * File format and partition columns of a table.
 *
 * @param partitionColumns columns by which the table is partitioned besides {@code date}, all strings
 */
public record Storage(Format format, List<String> partitionColumns) {
    /** Partition column of incremental landings: the commit that landed the rows. */
    public static final String BATCH = "batch";
    /** Partition column of tables with intervals: the interval of the date that holds the rows. */
    public static final String INTERVAL = "interval";

    public Storage {
        partitionColumns = List.copyOf(partitionColumns);
    }

    /** A table that is partitioned by date alone. */
    public static Storage byDate(Format format) {
        return new Storage(format, List.of());
    }

    /** The partition column that a landing of topics names with {@code partition_by}. */
    public Optional<String> namedColumn() {
        return partitionColumns.stream()
                .filter(column -> !column.equals(BATCH) && !column.equals(INTERVAL))
                .findFirst();
    }

    public boolean isPartitionedBy(String column) {
        return partitionColumns.contains(column);
    }

    /** Format of data files. */
    public enum Format {
        /** Avro object container files. */
        AVRO,
        PARQUET,
        /** A Delta table, which has no partitions. */
        DELTA,
        /** Text files; a file is a row with one column, {@code body}. */
        TEXT
    }
}
