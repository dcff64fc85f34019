package dev.igarape.cli.topic;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic without a consumer group, so that no other consumer is affected. */
public final class TopicReader {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final String TIMEOUT_MILLIS = "15000";

    private final Map<String, String> client;

    /** @param client Kafka's properties, at least {@code bootstrap.servers} */
    public TopicReader(Map<String, String> client) {
        this.client = client;
    }

    /**
     * Passes messages to the consumer as they arrive, in order within each partition.
     *
     * @param consumer returns whether to read on; also called with an empty list now and then
     */
    public void read(String topic, StartPosition start, Predicate<List<ConsumerRecord<byte[], byte[]>>> consumer) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        properties.put("allow.auto.create.topics", "false");
        properties.put("default.api.timeout.ms", TIMEOUT_MILLIS);
        try (KafkaConsumer<byte[], byte[]> kafka =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = partitions(kafka, topic);
            kafka.assign(partitions);
            start.seek(kafka, partitions);
            boolean more = true;
            while (more) {
                List<ConsumerRecord<byte[], byte[]>> batch = new java.util.ArrayList<>();
                kafka.poll(POLL).forEach(batch::add);
                more = consumer.test(batch);
            }
        } catch (KafkaException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot read the topic %s: %s. Is Kafka up? ./lake status tells.".formatted(topic, e.getMessage()),
                    e);
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> kafka, String topic) {
        // Asking for one topic by name would wait for a missing one to appear.
        Map<String, List<PartitionInfo>> topics = kafka.listTopics();
        if (!topics.containsKey(topic)) {
            List<String> names = topics.keySet().stream()
                    .filter(name -> !name.startsWith("__"))
                    .sorted()
                    .toList();
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is no topic '%s'. %s"
                            .formatted(
                                    topic,
                                    names.isEmpty()
                                            ? "Kafka has none."
                                            : "There are: " + String.join(", ", names) + "."));
        }
        return topics.get(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }
}
