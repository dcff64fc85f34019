package dev.igarape.jobs.landing.kafka.offsets;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Reads a topic's offsets from the broker. */
public final class BrokerOffsets {
    private final Map<String, String> kafka;
    private final Duration timeout;

    /**
     * @param kafka client properties, at least {@code bootstrap.servers}
     * @param timeout for one request including its retries
     */
    public BrokerOffsets(Map<String, String> kafka, Duration timeout) {
        this.kafka = Map.copyOf(kafka);
        this.timeout = timeout;
    }

    /**
     * Reads the offsets of a topic's partitions. The end offsets exclude open transactions.
     *
     * @throws LakeException DEFINITION if the topic does not exist, its name is not valid or reading it is not allowed;
     *     UNAVAILABLE if the broker does not answer in time
     */
    public TopicOffsets read(String topic, StartPolicy policy) {
        try (BrokerConnection connection = new BrokerConnection(kafka, timeout)) {
            return connection.read(topic, policy);
        }
    }

    /** @param connection asked once, and not closed */
    TopicOffsets read(Supplier<Admin> connection, String topic, StartPolicy policy) {
        try {
            Admin admin = connection.get();
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get();
            Function<OffsetSpec, Map<Integer, Long>> ask = spec -> list(admin, description, spec);
            Map<Integer, Long> beginnings = ask.apply(OffsetSpec.earliest());
            Map<Integer, Long> ends = ask.apply(OffsetSpec.latest());
            Map<Integer, Long> starts = starts(policy, ask, beginnings, ends);
            Map<Integer, PartitionOffsets> partitions = new TreeMap<>();
            beginnings.forEach((partition, beginning) -> {
                long end = Math.max(beginning, ends.get(partition));
                long start = starts.get(partition) < 0 ? end : starts.get(partition);
                partitions.put(
                        partition, new PartitionOffsets(beginning, end, Math.min(end, Math.max(beginning, start))));
            });
            return new TopicOffsets(topic, description.topicId().toString(), partitions);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException(ExitCode.UNAVAILABLE, "Cannot land `" + topic + "`: interrupted.", e);
        } catch (ExecutionException e) {
            throw explain(topic, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw explain(topic, e);
        }
    }

    Admin admin() {
        Map<String, Object> properties = new HashMap<>(kafka);
        int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(millis, 30_000));
        return Admin.create(properties);
    }

    static Map<Integer, Long> list(Admin admin, TopicDescription description, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> question = description.partitions().stream()
                .collect(Collectors.toMap(
                        info -> new TopicPartition(description.name(), info.partition()), info -> spec));
        Map<Integer, Long> offsets = new HashMap<>();
        try {
            Map<TopicPartition, ListOffsetsResultInfo> answer = admin.listOffsets(
                            question, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all()
                    .get();
            answer.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
            return offsets;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        }
    }

    private static Map<Integer, Long> starts(
            StartPolicy policy,
            Function<OffsetSpec, Map<Integer, Long>> ask,
            Map<Integer, Long> beginnings,
            Map<Integer, Long> ends) {
        if (policy instanceof StartPolicy.From from) {
            return ask.apply(OffsetSpec.forTimestamp(from.instant().toEpochMilli()));
        }
        return policy instanceof StartPolicy.Latest ? ends : beginnings;
    }

    LakeException explain(String topic, Throwable failure) {
        Throwable cause =
                failure.getClass() == KafkaException.class && failure.getCause() != null ? failure.getCause() : failure;
        String problem = "Cannot land `" + topic + "`: ";
        String server = kafka.getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "(no bootstrap.servers)");
        if (cause instanceof UnknownTopicOrPartitionException) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    problem + "the broker at " + server + " has no such topic. Create it, or correct the name under"
                            + " landing: kafka: topics.",
                    cause);
        }
        if (cause instanceof InvalidTopicException) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    problem + "that is not a topic name. Use letters, digits, dots, underscores and hyphens, 249 at"
                            + " most.",
                    cause);
        }
        if (cause instanceof AuthorizationException || failure.getCause() instanceof ConfigException) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    problem + "the broker at " + server + " refuses: " + cause.getMessage()
                            + ". Check the target's kafka properties and the topic's rights.",
                    cause);
        }
        return new LakeException(
                ExitCode.UNAVAILABLE,
                problem + "the broker at " + server + " did not answer within " + timeout.toSeconds() + " s ("
                        + cause.getMessage() + "). Start it, or correct bootstrap.servers.",
                cause);
    }
}
