package dev.igarape.jobs.landing.kafka.offsets;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the ledger says of a topic.
 *
 * @param topicId the id that the topic had at the last landing, where the ledger has it
 * @param next the offset behind the last one landed, by partition; empty where the topic was never landed
 */
public record LandedOffsets(Optional<String> topicId, SortedMap<Integer, Long> next) {
    public LandedOffsets(Optional<String> topicId, Map<Integer, Long> next) {
        this(topicId, new TreeMap<>(next));
    }

    public LandedOffsets {
        next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
    }

    /** Of a topic that was never landed. */
    public static LandedOffsets none() {
        return new LandedOffsets(Optional.empty(), Map.of());
    }
}
