package dev.igarape.jobs.landing.kafka.offsets;

/**
 * Offsets that the ledger does not have and that the broker can't give any more.
 *
 * @param expected where the ledger ends
 * @param resumed where the landing goes on; for a partition that is gone, 0
 */
public record Gap(int partition, Kind kind, long expected, long resumed) {
    /** How a gap came about. */
    public enum Kind {
        /** Retention removed records before they were landed. */
        EXPIRED,
        /** The topic was deleted and created again; its offsets have begun anew. */
        RECREATED,
        /** The partition is shorter than it was: a broker has lost records that it had acknowledged. */
        TRUNCATED,
        /** The partition that the ledger knows does not exist. */
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
