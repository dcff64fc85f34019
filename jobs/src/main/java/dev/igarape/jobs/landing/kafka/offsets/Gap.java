package dev.igarape.jobs.landing.kafka.offsets;

/**
 * Offsets that were not landed and that the broker no longer has.
 *
 * @param expected the next offset according to the ledger
 * @param resumed the offset at which the landing continues; 0 for a partition that no longer exists
 */
public record Gap(int partition, Kind kind, long expected, long resumed) {
    /** Cause of a gap. */
    public enum Kind {
        /** Retention deleted records before they were landed. */
        EXPIRED,
        /** The topic was deleted and recreated; its offsets start again. */
        RECREATED,
        /** The partition ends before the ledger's offset: brokers have lost acknowledged records. */
        TRUNCATED,
        /** The partition no longer exists. */
        GONE
    }

    String describe() {
        switch (kind) {
            case EXPIRED:
                return "partition " + partition + " starts at " + resumed + " but the ledger ends at " + expected
                        + "; Kafka has expired " + (resumed - expected) + " records";
            case RECREATED:
                return "partition " + partition + " was created anew and starts at " + resumed
                        + " but the ledger ends at " + expected + "; what followed there was not landed";
            case TRUNCATED:
                return "partition " + partition + " ends at " + resumed + " but the ledger ends at " + expected
                        + "; it is the same topic, so brokers have lost records";
            default:
                return "partition " + partition + " does not exist but the ledger ends at " + expected
                        + "; the topic was created anew with fewer partitions";
        }
    }
}
