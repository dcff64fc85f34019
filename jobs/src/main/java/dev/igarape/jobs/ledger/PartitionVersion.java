package dev.igarape.jobs.ledger;

import java.time.LocalDate;
import java.util.Optional;

/**
 * One partition as a commit wrote it.
 *
 * @param batch second partition value of a Kafka landing: the commit id; empty for tables partitioned by date alone
 * @param path folder, relative to the folder of its table
 */
public record PartitionVersion(LocalDate date, Optional<String> batch, String path, int files, long rows, long bytes) {
    /** What readers tell partitions apart by. */
    public Key key() {
        return new Key(date, batch);
    }

    public record Key(LocalDate date, Optional<String> batch) {}
}
