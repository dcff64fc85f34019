package dev.igarape.jobs.ledger;

import java.time.LocalDate;
import java.util.Optional;

/**
 * One partition as a commit wrote it.
 *
 * @param batch second partition value of a landing of what is new: the commit id (Kafka), or what stands for the file
 *     (files); empty for tables partitioned by date alone
 * @param path folder, relative to the folder of its table
 */
public record PartitionVersion(LocalDate date, Optional<String> batch, String path, int files, long rows, long bytes) {
    /** What readers tell partitions apart by. */
    public Key key() {
        return new Key(date, batch);
    }

    public record Key(LocalDate date, Optional<String> batch) {}
}
