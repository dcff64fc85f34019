package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.model.targets.LandingLimits;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/** Settings of the consumer that reads a range: the target's own, overridden where correctness and speed need it. */
final class ConsumerSettings {
    private static final int RECEIVE_BUFFER = 1 << 20;
    private static final int POLL_RECORDS = 2_000;

    private ConsumerSettings() {}

    static Map<String, Object> of(Map<String, String> kafka, LandingLimits bounds) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, RECEIVE_BUFFER);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 1000 * bounds.stallSeconds());
        properties.putAll(kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, bounds.fetchBytes());
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, bounds.fetchBytes());
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
        // All records of a range already exist: never wait for more.
        properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return properties;
    }
}
