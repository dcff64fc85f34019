package dev.igarape.bench.landing;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The topic that {@code land} reads: page events, the same each time, all of one date, half under a schema that lacks the
 * last field. Each has a session's UUID, which doesn't compress.
 *
 * @param first registry id of the older schema
 * @param second of the newer one
 */
record ClickTopic(String name, int messages, int meanBytes, int first, int second) {
    static final int PARTITIONS = 4;

    /** The schema that both are read into. */
    static final Schema NEWER = schema(true);

    static final Schema OLDER = schema(false);

    /** An odd number with about as many ones as zeros: multiples look random. */
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private static final long NOON = 1_704_110_400_000L;

    private static Schema schema(boolean referrer) {
        SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("click")
                .fields()
                .requiredString("username")
                .requiredString("page")
                .requiredString("event")
                .name("at")
                .type(new Schema.Parser().parse("{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}"))
                .noDefault()
                .requiredInt("count")
                .requiredString("session");
        return (referrer ? fields.optionalString("referrer") : fields).endRecord();
    }

    /** Opens the topic with this many messages; creates it if it is not there. */
    static ClickTopic open(Target target, int messages) {
        String name = "bench.sessions." + messages;
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry());
                Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            int first = registry.register(name + "-value", OLDER);
            int second = registry.register(name + "-value", NEWER);
            if (!admin.listTopics().names().get().contains(name)) {
                admin.createTopics(Set.of(new NewTopic(name, PARTITIONS, (short) 1)))
                        .all()
                        .get();
                produce(target, name, messages, first, second);
            }
            return new ClickTopic(name, messages, message(messages / 2, first, second).length, first, second);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("Cannot fill topic " + name, e);
        }
    }

    /** All offsets, one range for each partition. */
    List<OffsetRange> ranges() {
        return IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new OffsetRange(name, partition, 0, messages / PARTITIONS))
                .toList();
    }

    private static void produce(Target target, String name, int messages, int first, int second) {
        Map<String, Object> properties = new HashMap<>(target.kafka());
        properties.put("compression.type", "lz4");
        properties.put("linger.ms", 50);
        properties.put("batch.size", 256 << 10);
        properties.put("acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < messages; i++) {
                producer.send(new ProducerRecord<>(name, i % PARTITIONS, null, message(i, first, second)));
            }
        }
    }

    private static byte[] message(int i, int first, int second) {
        boolean newer = i / PARTITIONS % 2 == 1;
        Schema schema = newer ? NEWER : OLDER;
        GenericRecord click = new GenericData.Record(schema);
        click.put("username", "user-" + i % 5003);
        click.put("page", "/products/" + i % 997 + "/details");
        click.put("event", i % 3 == 0 ? "click" : "view");
        click.put("at", NOON + i % 36_000_000);
        click.put("count", i);
        click.put("session", new UUID(MIX * i, Long.rotateLeft(MIX * ~i, 32)).toString());
        if (newer) {
            click.put("referrer", i % 16 < 4 ? null : "https://example.org/" + i % 89);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0);
        bytes.writeBytes(ByteBuffer.allocate(4).putInt(newer ? second : first).array());
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(click, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
