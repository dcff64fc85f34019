package dev.igarape.api;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Factory of the Kafka clients. */
final class KafkaClients {
    private static final Duration MAX_BLOCKING = Duration.ofSeconds(3);
    private static final int LINGER_MILLIS = 2;
    private static final long ROOM_FOR_BATCHES = 16L << 20;

    private KafkaClients() {}

    /** All in-sync replicas acknowledge, and what the producer sends again is not written twice. */
    static Producer<byte[], byte[]> producer(ApiConfig config) {
        int timeout = (int) config.ackTimeout().toMillis();
        Map<String, Object> properties = new HashMap<>(config.kafkaSecurity().settings());
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafkaBootstrapServers());
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "igarape-api");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout / 2);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(timeout, MAX_BLOCKING.toMillis()));
        properties.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2 * config.maxInFlightBytes() + ROOM_FOR_BATCHES);
        // An absent field's default may make the datum longer than its JSON.
        properties.put(
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * config.limits().maxBody() + (1 << 20));
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Admin admin(ApiConfig config) {
        int timeout = (int) Math.min(config.ackTimeout().toMillis(), MAX_BLOCKING.toMillis());
        Map<String, Object> properties = new HashMap<>(config.kafkaSecurity().settings());
        properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, config.kafkaBootstrapServers());
        properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "igarape-api");
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
        properties.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return Admin.create(properties);
    }
}
