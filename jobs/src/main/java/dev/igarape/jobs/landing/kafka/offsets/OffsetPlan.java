package dev.igarape.jobs.landing.kafka.offsets;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one landing of a topic reads.
 *
 * @param topicId belongs into the ledger: the next plan tells by it whether the topic was created anew
 * @param ranges none empty, no overlaps, ordered by partition and offset
 * @param starts where this landing begins, for every partition
 * @param next where the next landing begins, for every partition. It belongs into the ledger even where nothing is
 *     read: a topic that starts at {@code latest} would lose what arrives before its first commit
 * @param gaps what was accepted as lost
 * @param partial whether the broker has more than the limit of records for a commit let in
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

    /** How many offsets are read in all; at least as many as records. */
    public long size() {
        return ranges.stream().mapToLong(OffsetRange::size).sum();
    }

    private static SortedMap<Integer, Long> copy(Map<Integer, Long> offsets) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
    }
}
