package dev.igarape.jobs.ledger;

import java.time.LocalDate;
import java.util.Optional;

/**
 * One partition as a commit wrote it.
 *
 * @param batch second partition value of a landing of what is new: the commit id (Kafka), or what stands for the file
 *     (files); empty for tables partitioned by date alone
 * @param recordName third partition value of a Kafka landing that is partitioned by it
 * @param path folder, relative to the folder of its table
 */
public record PartitionVersion(
        LocalDate date,
        Optional<String> batch,
        Optional<String> recordName,
        String path,
        int files,
        long rows,
        long bytes) {
    /** One that is not partitioned by the record's name. */
    public PartitionVersion(LocalDate date, Optional<String> batch, String path, int files, long rows, long bytes) {
        this(date, batch, Optional.empty(), path, files, rows, bytes);
    }

    /** What readers tell partitions apart by. */
    public Key key() {
        return new Key(date, batch, recordName);
    }

    public record Key(LocalDate date, Optional<String> batch, Optional<String> recordName) {}
}
