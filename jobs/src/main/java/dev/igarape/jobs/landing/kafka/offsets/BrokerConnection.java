package dev.igarape.jobs.landing.kafka.offsets;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;

/** Asks again and again for the offsets of topics, over one connection; not safe for use by several threads. */
public final class BrokerConnection implements AutoCloseable {
    private final BrokerOffsets broker;
    private Optional<Admin> connection = Optional.empty();

    /**
     * @param kafka client properties, at least {@code bootstrap.servers}
     * @param timeout for one request including its retries
     */
    public BrokerConnection(Map<String, String> kafka, Duration timeout) {
        this.broker = new BrokerOffsets(kafka, timeout);
    }

    /**
     * Where a topic ends.
     *
     * @param offsets the offset behind the last record of each partition, without open transactions
     */
    public record TopicEnd(String topicId, Map<Integer, Long> offsets) {}

    /** See {@link BrokerOffsets#read}. */
    public TopicOffsets read(String topic, StartPolicy policy) {
        return broker.read(this::admin, topic, policy);
    }

    /**
     * The end of a topic now.
     *
     * @throws LakeException as {@link BrokerOffsets#read}
     */
    public TopicEnd end(String topic) {
        try {
            Admin admin = admin();
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .topicNameValues()
                    .get(topic)
                    .get();
            return new TopicEnd(
                    description.topicId().toString(),
                    new TreeMap<>(BrokerOffsets.list(admin, description, OffsetSpec.latest())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException(ExitCode.UNAVAILABLE, "Cannot land `" + topic + "`: interrupted.", e);
        } catch (ExecutionException e) {
            throw broker.explain(topic, e.getCause() == null ? e : e.getCause());
        } catch (KafkaException e) {
            throw broker.explain(topic, e);
        }
    }

    private Admin admin() {
        if (connection.isEmpty()) {
            connection = Optional.of(broker.admin());
        }
        return connection.get();
    }

    @Override
    public void close() {
        connection.ifPresent(admin -> admin.close(Duration.ofSeconds(1)));
        connection = Optional.empty();
    }
}
