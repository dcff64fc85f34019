package dev.igarape.cli.demo.checked;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A record for Kafka.
 *
 * @param at Kafka's timestamp: the event's own, also of a record that is late or sent twice
 */
public record Delivery(String topic, String key, ByteBuffer value, Instant at) {
    /** A record whose value is text. */
    public static Delivery of(String topic, String key, String value, Instant at) {
        return new Delivery(topic, key, ByteBuffer.wrap(value.getBytes(StandardCharsets.UTF_8)), at);
    }

    /** The value as text. */
    public String text() {
        return StandardCharsets.UTF_8.decode(value.duplicate()).toString();
    }
}
