package dev.igarape.jobs.landing.kafka.offsets;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Plans which offsets a landing reads. A topic that was never landed starts as its start policy says; a new partition
 * of a known topic starts at 0.
 *
 * @param maxPerTask maximum number of offsets of a range; 1 or more
 * @param maxPerCommit maximum number of offsets of all ranges; 1 or more, Long.MAX_VALUE for no limit
 * @param acceptGaps continue after a gap and record it, instead of failing
 */
public record OffsetPlanner(long maxPerTask, long maxPerCommit, boolean acceptGaps) {
    public OffsetPlanner {
        if (maxPerTask < 1 || maxPerCommit < 1) {
            throw new IllegalArgumentException("limits are 1 or more: " + maxPerTask + ", " + maxPerCommit);
        }
    }

    /** Plans a landing; throws a {@link LakeException} (EXPECTATION) that lists all gaps, unless gaps are accepted. */
    public OffsetPlan plan(TopicOffsets broker, LandedOffsets landed) {
        List<Gap> gaps = new ArrayList<>();
        SortedMap<Integer, Long> starts = new TreeMap<>();
        boolean recreated =
                landed.topicId().isPresent() && !landed.topicId().get().equals(broker.topicId());
        landed.next().forEach((partition, next) -> {
            if (!broker.partitions().containsKey(partition)) {
                gaps.add(new Gap(partition, Gap.Kind.GONE, next, 0));
            }
        });
        broker.partitions()
                .forEach((partition, offsets) ->
                        starts.put(partition, start(partition, offsets, landed, recreated, gaps)));
        if (!gaps.isEmpty() && !acceptGaps) {
            gaps.sort(Comparator.comparingInt(Gap::partition));
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Cannot land `" + broker.topic() + "`: "
                            + gaps.stream().map(Gap::describe).collect(Collectors.joining("; "))
                            + ". Run with --accept-gap to go on.");
        }
        SortedMap<Integer, Long> next = limit(broker, starts);
        boolean partial = next.entrySet().stream()
                .anyMatch(entry -> entry.getValue()
                        < broker.partitions().get(entry.getKey()).end());
        return new OffsetPlan(
                broker.topic(), broker.topicId(), split(broker.topic(), starts, next), starts, next, gaps, partial);
    }

    private static long start(
            int partition, PartitionOffsets offsets, LandedOffsets landed, boolean recreated, List<Gap> gaps) {
        if (landed.next().isEmpty()) {
            return Math.min(offsets.start(), offsets.end());
        }
        long expected = landed.next().getOrDefault(partition, 0L);
        if (recreated) {
            if (landed.next().containsKey(partition)) {
                gaps.add(new Gap(partition, Gap.Kind.RECREATED, expected, offsets.beginning()));
            }
            return offsets.beginning();
        }
        if (expected < offsets.beginning()) {
            gaps.add(new Gap(partition, Gap.Kind.EXPIRED, expected, offsets.beginning()));
            return offsets.beginning();
        }
        if (expected > offsets.end() && landed.topicId().isEmpty()) {
            gaps.add(new Gap(partition, Gap.Kind.RECREATED, expected, offsets.beginning()));
            return offsets.beginning();
        }
        if (expected > offsets.end()) {
            gaps.add(new Gap(partition, Gap.Kind.TRUNCATED, expected, offsets.end()));
            return offsets.end();
        }
        return expected;
    }

    /** Distributes the limit: partitions with a small backlog are read whole, the others share the rest evenly. */
    private SortedMap<Integer, Long> limit(TopicOffsets broker, SortedMap<Integer, Long> starts) {
        List<Map.Entry<Integer, Long>> backlogs = new ArrayList<>(starts.entrySet());
        backlogs.sort(Comparator.comparingLong(entry -> backlog(broker, entry)));
        SortedMap<Integer, Long> next = new TreeMap<>();
        long remaining = maxPerCommit;
        for (int i = 0; i < backlogs.size(); i++) {
            Map.Entry<Integer, Long> entry = backlogs.get(i);
            int partitions = backlogs.size() - i;
            long share = remaining / partitions + (remaining % partitions == 0 ? 0 : 1);
            long taken = Math.min(backlog(broker, entry), share);
            next.put(entry.getKey(), entry.getValue() + taken);
            remaining -= taken;
        }
        return next;
    }

    private static long backlog(TopicOffsets broker, Map.Entry<Integer, Long> start) {
        return broker.partitions().get(start.getKey()).end() - start.getValue();
    }

    private List<OffsetRange> split(String topic, SortedMap<Integer, Long> starts, SortedMap<Integer, Long> next) {
        List<OffsetRange> ranges = new ArrayList<>();
        starts.forEach((partition, start) -> {
            long from = start;
            long until = next.get(partition);
            long left = until - from;
            for (long pieces = left / maxPerTask + (left % maxPerTask == 0 ? 0 : 1); pieces > 0; pieces--) {
                long size = left / pieces + (left % pieces == 0 ? 0 : 1);
                ranges.add(new OffsetRange(topic, partition, from, from + size));
                from += size;
                left -= size;
            }
        });
        return ranges;
    }
}
