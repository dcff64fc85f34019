package dev.igarape.jobs.landing.kafka.offsets;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A topic's offsets on the broker.
 *
 * @param topicId changes when the topic is deleted and recreated, unlike the name
 * @param partitions all partitions by number
 */
public record TopicOffsets(String topic, String topicId, SortedMap<Integer, PartitionOffsets> partitions) {
    public TopicOffsets(String topic, String topicId, Map<Integer, PartitionOffsets> partitions) {
        this(topic, topicId, new TreeMap<>(partitions));
    }

    public TopicOffsets {
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    }
}
