package dev.igarape.jobs.ledger;

/** Offsets {@code from} (inclusive) to {@code until} (exclusive) of one Kafka partition. */
public record OffsetRange(long from, long until) {
    public OffsetRange {
        if (from < 0 || until < from) {
            throw new IllegalArgumentException("offsets " + from + " to " + until + " are no range");
        }
    }
}
