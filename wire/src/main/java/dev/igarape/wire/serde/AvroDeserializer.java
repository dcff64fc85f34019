package dev.igarape.wire.serde;

import dev.igarape.wire.avro.BoundsCheckingDecoder;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * A Kafka deserializer for Avro in Confluent's wire format, by the writer schema. Interchangeable with
 * {@code io.confluent.kafka.serializers.KafkaAvroDeserializer} for generic records
 * ({@code specific.avro.reader=false}): same configuration, same Java types. It is stricter in one thing: bytes after
 * the datum are an error. Thread-safe once configured.
 */
public final class AvroDeserializer implements Deserializer<Object> {
    private final boolean ownsClient;
    private SchemaRegistryClient client;
    private GenericData model = new GenericData();

    /** For Kafka, which calls {@link #configure} next. */
    public AvroDeserializer() {
        this.ownsClient = true;
    }

    /** Shares a client, which the caller closes; the configuration need not name a registry then. */
    public AvroDeserializer(SchemaRegistryClient client) {
        this.ownsClient = false;
        this.client = client;
    }

    /**
     * @throws org.apache.kafka.common.config.ConfigException if a setting is wrong, or asks for what is not supported
     */
    @Override
    public void configure(Map<String, ?> config, boolean isKey) {
        model = SerdeSettings.of(config, isKey).model();
        if (client == null) {
            client = new SchemaRegistryClient(config);
        }
    }

    /** @throws SerializationException if the message can't be decoded, or its schema can't be had */
    @Override
    public Object deserialize(String topic, byte[] message) {
        if (message == null) {
            return null;
        }
        if (client == null) {
            throw new IllegalStateException("Call configure(…) first.");
        }
        WireMessage framed = WireFormat.parse(message);
        if (framed instanceof WireMessage.Poison poison) {
            throw new SerializationException(
                    "Cannot deserialize a message of `" + topic + "` (" + poison.rule() + "). " + poison.reason());
        }
        WireMessage.Payload payload = (WireMessage.Payload) framed;
        Schema schema;
        try {
            schema = client.schemaById(payload.schemaId());
        } catch (SchemaRegistryException e) {
            throw new SerializationException("Cannot deserialize a message of `" + topic + "`. " + e.getMessage(), e);
        }
        if (schema.getType() == Schema.Type.BYTES) {
            return Arrays.copyOfRange(message, payload.offset(), message.length);
        }
        Object datum = decode(topic, schema, message, payload);
        return datum instanceof CharSequence text ? text.toString() : datum;
    }

    @Override
    public void close() {
        if (ownsClient && client != null) {
            client.close();
        }
    }

    private Object decode(String topic, Schema schema, byte[] message, WireMessage.Payload payload) {
        BoundsCheckingDecoder decoder =
                new BoundsCheckingDecoder(message, payload.offset(), message.length - payload.offset());
        try {
            Object datum = new GenericDatumReader<>(schema, schema, model).read(null, decoder);
            decoder.requireEnd();
            return datum;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new SerializationException(
                    "Cannot deserialize a message of `" + topic + "`: it is no datum of schema " + payload.schemaId()
                            + " (" + schema.getFullName() + "): " + e,
                    e);
        }
    }
}
