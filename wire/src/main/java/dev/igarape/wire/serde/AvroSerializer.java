package dev.igarape.wire.serde;

import dev.igarape.wire.avro.PrimitiveSchemas;
import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.generic.GenericContainer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * A Kafka serializer for Avro in Confluent's wire format. Interchangeable with {@code
 * io.confluent.kafka.serializers.KafkaAvroSerializer}: same bytes, same configuration ({@code auto.register.schemas},
 * {@code use.latest.version}, {@code latest.compatibility.strict}, {@code avro.use.logical.type.converters}, {@code
 * key.subject.name.strategy}, {@code value.subject.name.strategy}, and what {@link SchemaRegistryClient} takes).
 *
 * <p>Takes generic and specific records, other Avro containers, and values of Avro's primitive types. null stays null
 * (a tombstone). {@code byte[]} is written as it is, without a length, as Confluent's does. Thread-safe once
 * configured.
 */
public final class AvroSerializer implements Serializer<Object> {
    private static final int MAX_CACHED = 1000;

    private final Map<Cached, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Cached, Boolean> fitting = new ConcurrentHashMap<>();
    private final boolean ownsClient;
    private SchemaRegistryClient client;
    private SerdeSettings settings;
    private GenericData model;

    /** For Kafka, which calls {@link #configure} next. */
    public AvroSerializer() {
        this.ownsClient = true;
    }

    /** Shares a client, which the caller closes; the configuration need not name a registry then. */
    public AvroSerializer(SchemaRegistryClient client) {
        this.ownsClient = false;
        this.client = client;
    }

    /**
     * @throws org.apache.kafka.common.config.ConfigException if a setting is wrong, or asks for what is not supported
     */
    @Override
    public void configure(Map<String, ?> config, boolean isKey) {
        settings = SerdeSettings.of(config, isKey);
        model = settings.model();
        if (client == null) {
            client = new SchemaRegistryClient(config);
        }
    }

    /** @throws SerializationException if the data does not fit its schema, or the registry does not take the schema */
    @Override
    public byte[] serialize(String topic, Object data) {
        if (data == null) {
            return null;
        }
        if (settings == null) {
            throw new IllegalStateException("Call configure(…) first.");
        }
        Schema schema = schemaOf(topic, data);
        try {
            String subject = settings.subjectNames().subject(topic, settings.key(), schema);
            if (!settings.autoRegister() && settings.useLatest()) {
                RegisteredSchema latest = client.latest(subject);
                refuseUnfitting(schema, latest);
                return WireFormat.frame(latest.id(), encode(data, schema, latest.schema()));
            }
            return WireFormat.frame(id(subject, schema), encode(data, schema, schema));
        } catch (SchemaRegistryException e) {
            throw new SerializationException("Cannot serialize a message for `" + topic + "`. " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            if (e instanceof SerializationException known) {
                throw known;
            }
            throw new SerializationException(
                    "Cannot serialize a message for `" + topic + "`: it does not fit the schema " + schema.getFullName()
                            + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        if (ownsClient && client != null) {
            client.close();
        }
    }

    private int id(String subject, Schema schema) {
        Cached key = new Cached(subject, 0, schema);
        Integer cached = ids.get(key);
        if (cached != null) {
            return cached;
        }
        int id = settings.autoRegister() ? client.register(subject, schema) : client.idOf(subject, schema);
        remember(ids, key, id);
        return id;
    }

    private void refuseUnfitting(Schema schema, RegisteredSchema latest) {
        if (!settings.latestStrict() || latest.schema().equals(schema)) {
            return;
        }
        Cached key = new Cached(latest.subject(), latest.id(), schema);
        Boolean fits = fitting.get(key);
        if (fits == null) {
            fits = SchemaCompatibility.checkReaderWriterCompatibility(latest.schema(), schema)
                            .getType()
                    == SchemaCompatibilityType.COMPATIBLE;
            remember(fitting, key, fits);
        }
        if (!fits) {
            throw new SerializationException("Cannot serialize with version " + latest.version() + " of `"
                    + latest.subject() + "`: it can't read data of the record's own schema " + schema.getFullName()
                    + ". Use a record of the latest version, or set `" + SerdeSettings.LATEST_STRICT + "=false`.");
        }
    }

    private static <V> void remember(Map<Cached, V> cache, Cached key, V value) {
        if (cache.size() >= MAX_CACHED) {
            cache.clear();
        }
        cache.put(key, value);
    }

    private byte[] encode(Object data, Schema own, Schema target) throws IOException {
        if (own.getType() == Schema.Type.BYTES) {
            return raw(data, target);
        }
        byte[] encoded = write(data, own);
        if (own == target || own.equals(target)) {
            return encoded;
        }
        // Field by field through schema resolution: a record's values are found by position, which may differ.
        Object resolved = new GenericDatumReader<>(own, target, new GenericData())
                .read(null, DecoderFactory.get().binaryDecoder(encoded, null));
        return write(new GenericDatumWriter<>(target, new GenericData()), resolved);
    }

    /** Bytes go as they are, as Confluent's serializer sends them, not as an Avro datum. */
    private static byte[] raw(Object data, Schema target) {
        if (target.getType() != Schema.Type.BYTES) {
            throw new AvroTypeException(
                    "the latest version is of type " + target.getType().getName() + ", but the value is of type bytes");
        }
        if (data instanceof byte[] bytes) {
            return bytes;
        }
        ByteBuffer buffer = ((ByteBuffer) data).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private byte[] write(Object data, Schema schema) throws IOException {
        if (data instanceof SpecificRecord) {
            return write(new SpecificDatumWriter<>(schema, SpecificData.getForClass(data.getClass())), data);
        }
        return write(new GenericDatumWriter<>(schema, model), data);
    }

    private static byte[] write(GenericDatumWriter<Object> writer, Object data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        writer.write(data, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Schema schemaOf(String topic, Object data) {
        if (data instanceof GenericContainer container) {
            return container.getSchema();
        }
        return PrimitiveSchemas.schemaOf(data)
                .orElseThrow(() -> new SerializationException("Cannot serialize a message for `" + topic + "`: "
                        + data.getClass().getName()
                        + " is no Avro type. Send a GenericRecord, or a value of a primitive type."));
    }

    /** Schemas by identity: comparing them for each message would cost more than writing it. */
    private record Cached(String subject, int id, Schema schema) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Cached that
                    && that.schema == schema
                    && that.id == id
                    && that.subject.equals(subject);
        }

        @Override
        public int hashCode() {
            return 31 * subject.hashCode() + System.identityHashCode(schema) + id;
        }
    }
}
