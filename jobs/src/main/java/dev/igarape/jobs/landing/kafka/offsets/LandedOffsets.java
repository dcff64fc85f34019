package dev.igarape.jobs.landing.kafka.offsets;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic's offsets according to the ledger.
 *
 * @param topicId the topic's id at the last landing, if it is known
 * @param next the next offset to land, by partition; empty if the topic was never landed
 */
public record LandedOffsets(Optional<String> topicId, SortedMap<Integer, Long> next) {
    public LandedOffsets(Optional<String> topicId, Map<Integer, Long> next) {
        this(topicId, new TreeMap<>(next));
    }

    public LandedOffsets {
        next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
    }

    /** A topic that was never landed. */
    public static LandedOffsets none() {
        return new LandedOffsets(Optional.empty(), Map.of());
    }
}
