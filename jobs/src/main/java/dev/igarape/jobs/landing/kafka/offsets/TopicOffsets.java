package dev.igarape.jobs.landing.kafka.offsets;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the broker says of a topic.
 *
 * @param topicId unlike the name, another one when the topic is deleted and created again
 * @param partitions all partitions, by number
 */
public record TopicOffsets(String topic, String topicId, SortedMap<Integer, PartitionOffsets> partitions) {
    public TopicOffsets(String topic, String topicId, Map<Integer, PartitionOffsets> partitions) {
        this(topic, topicId, new TreeMap<>(partitions));
    }

    public TopicOffsets {
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    }
}
