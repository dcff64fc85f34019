package dev.igarape.jobs.landing.kafka.offsets;

import java.io.Serializable;

/**
 * A half-open range of a partition's offsets. It may contain fewer records than offsets, because of transaction
 * markers, aborted records and compaction.
 */
public record OffsetRange(String topic, int partition, long from, long until) implements Serializable {
    public OffsetRange {
        if (partition < 0 || from < 0 || until <= from) {
            throw new IllegalArgumentException(
                    "no range: partition " + partition + " of `" + topic + "` from " + from + " until " + until);
        }
    }

    /** Number of offsets; at least the number of records. */
    public long size() {
        return until - from;
    }
}
