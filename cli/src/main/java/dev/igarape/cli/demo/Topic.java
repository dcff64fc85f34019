package dev.igarape.cli.demo;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic of Kafka. */
public final class Topic {
    private static final int PARTITIONS = 4;
    private static final Duration POLL = Duration.ofMillis(500);

    private final String name;
    private final Map<String, String> client;

    /** @param client properties, at least {@code bootstrap.servers} */
    public Topic(String name, Map<String, String> client) {
        this.name = name;
        this.client = client;
    }

    /** Whether the broker has the topic. */
    public boolean exists() {
        try (Admin admin = Admin.create(new HashMap<String, Object>(client))) {
            return admin.listTopics().names().get().contains(name);
        } catch (ExecutionException e) {
            throw unavailable("look for", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private LakeException unavailable(String what, ExecutionException error) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot %s the topic %s: %s. Is Kafka up? ./lake status tells."
                        .formatted(what, name, error.getCause().getMessage()),
                error);
    }

    /** Creates the topic if there is none; returns its id, which tells it from an earlier topic of the same name. */
    String createIfMissing() {
        return createIfMissing(Map.of());
    }

    /**
     * {@link #createIfMissing()}, with settings other than the broker's.
     *
     * @param settings by name, for a topic that is created now
     */
    public String createIfMissing(Map<String, String> settings) {
        Map<String, Object> properties = new HashMap<>(client);
        try (Admin admin = Admin.create(properties)) {
            try {
                // Not described: other brokers, and this one for a moment, may not know it yet.
                return admin.createTopics(List.of(
                                new NewTopic(name, Optional.of(PARTITIONS), Optional.empty()).configs(settings)))
                        .topicId(name)
                        .get()
                        .toString();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
            return admin.describeTopics(List.of(name))
                    .allTopicNames()
                    .get()
                    .get(name)
                    .topicId()
                    .toString();
        } catch (ExecutionException e) {
            throw unavailable("make", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The keys of all messages that the topic holds now and that begin like this. */
    Set<String> keys(String prefix) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("enable.auto.commit", "false");
        properties.put("auto.offset.reset", "earliest");
        Set<String> keys = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                    if (message.key() != null) {
                        String key = new String(message.key(), StandardCharsets.UTF_8);
                        if (key.startsWith(prefix)) {
                            keys.add(key);
                        }
                    }
                }
            }
        }
        return keys;
    }
}
