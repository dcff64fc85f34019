package dev.igarape.jobs.landing.kafka.copy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumers that are kept between landings, since one that is new asks the broker several times before it reads, and takes
 * longer for that than for a second's records. A consumer is used by one thread at a time. May be used by several threads.
 */
public final class Consumers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Consumers.class);

    private final Map<Map<String, Object>, Deque<KafkaConsumer<byte[], byte[]>>> idle = new HashMap<>();
    private boolean closed;

    /** A consumer with these settings that nobody uses, and that has no partitions. */
    KafkaConsumer<byte[], byte[]> take(Map<String, Object> settings) {
        synchronized (this) {
            KafkaConsumer<byte[], byte[]> kept =
                    idle.getOrDefault(settings, new ArrayDeque<>()).poll();
            if (kept != null) {
                return kept;
            }
        }
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Keeps a consumer for the next one who asks for these settings. */
    void giveBack(Map<String, Object> settings, KafkaConsumer<byte[], byte[]> consumer) {
        synchronized (this) {
            if (!closed) {
                idle.computeIfAbsent(settings, key -> new ArrayDeque<>()).push(consumer);
                return;
            }
        }
        discard(consumer);
    }

    /** Closes a consumer that has failed, or is needed no more; it has nothing to tell the broker, so this does not wait for it. */
    static void discard(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            consumer.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOG.warn("A consumer did not close: {}", e.getMessage());
        }
    }

    /** Closes those that nobody uses; the others are closed when they are given back. */
    @Override
    public void close() {
        Map<Map<String, Object>, Deque<KafkaConsumer<byte[], byte[]>>> last;
        synchronized (this) {
            closed = true;
            last = new HashMap<>(idle);
            idle.clear();
        }
        last.values().forEach(consumers -> consumers.forEach(Consumers::discard));
    }
}
