package dev.igarape.jobs.landing.kafka.offsets;

import java.io.Serializable;

/**
 * Offsets of one partition, half-open. Fewer records than offsets may be in it: transaction markers, aborted records
 * and compaction leave gaps.
 */
public record OffsetRange(String topic, int partition, long from, long until) implements Serializable {
    public OffsetRange {
        if (partition < 0 || from < 0 || until <= from) {
            throw new IllegalArgumentException(
                    "no range: partition " + partition + " of `" + topic + "` from " + from + " until " + until);
        }
    }

    /** How many offsets; at least as many as records. */
    public long size() {
        return until - from;
    }
}
