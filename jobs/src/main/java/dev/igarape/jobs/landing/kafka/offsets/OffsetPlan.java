package dev.igarape.jobs.landing.kafka.offsets;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The offsets of a topic that one landing reads.
 *
 * @param topicId stored in the ledger, so that the next plan detects a recreated topic
 * @param ranges not empty, without overlaps, ordered by partition and offset
 * @param starts first offset of this landing, for every partition
 * @param next first offset of the next landing, for every partition. It is stored in the ledger even if nothing is
 *     read: otherwise a topic that starts at {@code latest} would lose the records before its first commit
 * @param gaps accepted gaps
 * @param partial whether the broker has more records than the limit for a commit
 */
public record OffsetPlan(
        String topic,
        String topicId,
        List<OffsetRange> ranges,
        SortedMap<Integer, Long> starts,
        SortedMap<Integer, Long> next,
        List<Gap> gaps,
        boolean partial) {
    public OffsetPlan {
        ranges = List.copyOf(ranges);
        starts = copy(starts);
        next = copy(next);
        gaps = List.copyOf(gaps);
    }

    /** Total number of offsets; at least the number of records. */
    public long size() {
        return ranges.stream().mapToLong(OffsetRange::size).sum();
    }

    private static SortedMap<Integer, Long> copy(Map<Integer, Long> offsets) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
    }
}
