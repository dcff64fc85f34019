package dev.igarape.cli.topic;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.igarape.wire.json.AvroToJson;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.serde.WireFormat;
import dev.igarape.wire.serde.WireMessage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Formats a message as one line of JSON: {@code {"topic", "partition", "offset", "timestamp", "key", "schema_id", "value"}},
 * the value decoded with the schema that it was written with. One that can't be decoded has {@code rule},
 * {@code reason} and, in base64, {@code bytes} instead of {@code value}; a tombstone's value is null. A key that is no
 * UTF-8 is given as {@code key_bytes}, in base64.
 */
public final class MessageFormatter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SchemaRegistryClient registry;

    public MessageFormatter(SchemaRegistryClient registry) {
        this.registry = registry;
    }

    public String format(ConsumerRecord<byte[], byte[]> message) {
        ObjectNode line = JSON.createObjectNode()
                .put("topic", message.topic())
                .put("partition", message.partition())
                .put("offset", message.offset())
                .put("timestamp", Instant.ofEpochMilli(message.timestamp()).toString());
        putKey(line, message.key());
        if (message.value() == null) {
            line.putNull("value");
        } else {
            putValue(line, message.value());
        }
        return line.toString();
    }

    private static void putKey(ObjectNode line, byte[] key) {
        if (key == null) {
            line.putNull("key");
            return;
        }
        try {
            line.put(
                    "key",
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(key))
                            .toString());
        } catch (CharacterCodingException e) {
            line.put("key_bytes", base64(key));
        }
    }

    private void putValue(ObjectNode line, byte[] value) {
        WireMessage framed = WireFormat.parse(value);
        if (framed instanceof WireMessage.Poison poison) {
            putPoison(line, poison.rule(), poison.reason(), value);
            return;
        }
        WireMessage.Payload payload = (WireMessage.Payload) framed;
        line.put("schema_id", payload.schemaId());
        try {
            Schema schema = registry.schemaById(payload.schemaId());
            String json = AvroToJson.toJson(schema, value, payload.offset(), value.length - payload.offset());
            line.putRawValue("value", new RawValue(json));
        } catch (SchemaNotFoundException e) {
            putPoison(line, "unknown_schema_id", e.getMessage(), value);
        } catch (SerializationException e) {
            putPoison(line, "undecodable", e.getMessage(), value);
        }
    }

    private static void putPoison(ObjectNode line, String rule, String reason, byte[] value) {
        line.put("rule", rule).put("reason", reason).put("bytes", base64(value));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
