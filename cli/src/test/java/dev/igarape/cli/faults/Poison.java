package dev.igarape.cli.faults;

import dev.igarape.model.targets.Target;
import dev.igarape.wire.serde.AvroSerializer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/** Topics with what no landing likes to see: lost records, and messages that are none. */
final class Poison {
    private static final String GAPS = "gaps";
    private static final String FUZZ = "fuzz";
    private static final int LARGE = 10 << 20;
    /** In the year 30000, which no date of the lake can be. */
    private static final long FAR = 884_541_340_800_000L;

    private final Target target;

    Poison(Target target) {
        this.target = target;
    }

    /** Sends good messages to the topic of gaps. */
    void send(int count) throws ExecutionException, InterruptedException {
        create(GAPS);
        List<byte[]> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(mark(GAPS, Instant.parse("2024-01-01T12:00:00Z").toEpochMilli()));
        }
        send(GAPS, values);
    }

    /** Deletes all records of the topic of gaps, as its retention would. */
    void expire() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            admin.deleteRecords(Map.of(new TopicPartition(GAPS, 0), RecordsToDelete.beforeOffset(-1)))
                    .all()
                    .get();
        }
    }

    /** Makes the topic of gaps anew, under another id. */
    void recreate() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            admin.deleteTopics(Set.of(GAPS)).all().get();
            Awaitility.await().until(() -> !admin.listTopics().names().get().contains(GAPS));
        }
        create(GAPS);
    }

    /**
     * Sends good messages and broken ones; gives how many the topic has got since it was made.
     *
     * @param large also ones of 10 MB
     */
    long fuzz(long seed, int count, boolean large) throws ExecutionException, InterruptedException {
        create(FUZZ);
        Random random = new Random(seed);
        List<byte[]> values = new ArrayList<>();
        byte[] good = mark(FUZZ, Instant.parse("2024-01-01T12:00:00Z").toEpochMilli());
        values.add(good);
        values.add(mark(FUZZ, FAR));
        values.add(mark(FUZZ, Long.MIN_VALUE));
        while (values.size() < count) {
            values.add(broken(good, random));
        }
        if (large) {
            byte[] behind = Arrays.copyOf(good, LARGE);
            values.add(behind);
            byte[] noise = new byte[LARGE];
            random.nextBytes(noise);
            values.add(noise);
        }
        send(FUZZ, values);
        try (Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            TopicPartition partition = new TopicPartition(FUZZ, 0);
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    /** A message with a bit flipped, cut short, with bytes behind it, or of noise. */
    private static byte[] broken(byte[] good, Random random) {
        switch (random.nextInt(4)) {
            case 0:
                byte[] flipped = good.clone();
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                return flipped;
            case 1:
                return Arrays.copyOf(good, random.nextInt(good.length));
            case 2:
                return Arrays.copyOf(good, good.length + 1 + random.nextInt(20));
            default:
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return noise;
        }
    }

    private void create(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            if (!admin.listTopics().names().get().contains(topic)) {
                NewTopic created = new NewTopic(topic, 1, (short) 1)
                        .configs(Map.of("retention.ms", "-1", "max.message.bytes", Integer.toString(LARGE + 1024)));
                admin.createTopics(Set.of(created)).all().get();
            }
        }
    }

    private byte[] mark(String topic, long at) {
        GenericRecord mark = new GenericData.Record(Marks.SCHEMA);
        mark.put("producer", 0);
        mark.put("sequence", 0L);
        mark.put("at", at);
        try (AvroSerializer serializer = new AvroSerializer()) {
            serializer.configure(target.registry(), false);
            return serializer.serialize(topic, mark);
        }
    }

    private void send(String topic, List<byte[]> values) throws ExecutionException, InterruptedException {
        Map<String, Object> settings = new HashMap<>(target.kafka());
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * LARGE);
        try (KafkaProducer<byte[], byte[]> kafka =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (byte[] value : values) {
                sent.add(kafka.send(new ProducerRecord<>(topic, value)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }
}
