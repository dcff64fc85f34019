package dev.igarape.cli.faults;

import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.serde.AvroSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends marks, and remembers which of them the broker has acknowledged. */
final class Marks {
    static final String TOPIC = "marks";

    static final Schema SCHEMA = SchemaBuilder.record("mark")
            .fields()
            .requiredInt("producer")
            .requiredLong("sequence")
            .name("at")
            .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .endRecord();
    private static final int PARTITIONS = 2;

    private final Target target;
    private final Path file;
    /** Marks acknowledged, by producer and date; a producer numbers its marks from 0. */
    private final Map<Integer, Map<LocalDate, Long>> acknowledged = new HashMap<>();

    private LocalDate tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1);
    private int partitions = PARTITIONS;
    private int producers;

    /**
     * @param file keeps what was acknowledged
     * @param resume go on with what the file says
     */
    Marks(Target target, Path file, boolean resume) throws IOException {
        this.target = target;
        this.file = file;
        if (resume && Files.exists(file)) {
            Notes notes = Json.mapper().readValue(file.toFile(), Notes.class);
            tomorrow = notes.tomorrow();
            producers = notes.producers();
            partitions = notes.partitions();
            acknowledged.putAll(notes.acknowledged());
        }
    }

    void createTopic() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            // The dates of the marks are years ago: a broker would drop them at once.
            NewTopic topic = new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty())
                    .configs(Map.of("retention.ms", "-1"));
            admin.createTopics(Set.of(topic)).all().get();
        }
    }

    /**
     * The date after the one on which the run began. It is not over when the first marks of it are built, so that it gets
     * partitions by interval, which it keeps when it is.
     */
    LocalDate tomorrow() {
        return tomorrow;
    }

    /** The brokers that lead its partitions, in their order. */
    List<Integer> leaders() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            return admin.describeTopics(Set.of(TOPIC)).allTopicNames().get().get(TOPIC).partitions().stream()
                    .map(partition -> partition.leader().id())
                    .toList();
        }
    }

    void addPartition() throws ExecutionException, InterruptedException {
        partitions++;
        try (Admin admin = Admin.create(new HashMap<>(target.kafka()))) {
            admin.createPartitions(Map.of(TOPIC, NewPartitions.increaseTo(partitions)))
                    .all()
                    .get();
        }
    }

    /**
     * Sends marks of a date as a producer of its own; all are acknowledged when it returns. A run that is cut off in here
     * can't be resumed honestly: nobody knows which of them were.
     */
    void send(LocalDate date, int count) throws ExecutionException, InterruptedException {
        int producer = producers++;
        try (KafkaProducer<byte[], Object> kafka = producer(Map.of())) {
            List<Future<?>> sent = new ArrayList<>();
            for (long sequence = 0; sequence < count; sequence++) {
                sent.add(kafka.send(mark(producer, sequence, date)));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
        acknowledged.computeIfAbsent(producer, id -> new HashMap<>()).merge(date, (long) count, Long::sum);
        save();
    }

    /** Sends marks in a transaction that is given up, so that nobody may ever see them. */
    void sendAborted(LocalDate date, int count) throws ExecutionException, InterruptedException {
        int producer = producers++;
        try (KafkaProducer<byte[], Object> kafka =
                producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "aborted-" + producer))) {
            kafka.initTransactions();
            kafka.beginTransaction();
            for (long sequence = 0; sequence < count; sequence++) {
                kafka.send(mark(producer, sequence, date)).get();
            }
            kafka.abortTransaction();
        }
    }

    private KafkaProducer<byte[], Object> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(target.kafka());
        settings.putAll(target.registry());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, AvroSerializer.class);
        settings.putAll(more);
        return new KafkaProducer<>(settings);
    }

    private ProducerRecord<byte[], Object> mark(int producer, long sequence, LocalDate date) {
        GenericRecord mark = new GenericData.Record(SCHEMA);
        mark.put("producer", producer);
        mark.put("sequence", sequence);
        Instant at = date.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC).plusMillis(sequence);
        mark.put("at", at.toEpochMilli());
        return new ProducerRecord<>(TOPIC, (int) (sequence % partitions), null, mark);
    }

    /** Marks acknowledged of some dates, by producer and date. */
    Map<Integer, Map<LocalDate, Long>> acknowledged(Predicate<LocalDate> dates) {
        Map<Integer, Map<LocalDate, Long>> chosen = new HashMap<>();
        acknowledged.forEach((producer, sent) -> sent.forEach((date, count) -> {
            if (dates.test(date)) {
                chosen.computeIfAbsent(producer, id -> new HashMap<>()).put(date, count);
            }
        }));
        return chosen;
    }

    private void save() {
        try {
            Json.mapper().writeValue(file.toFile(), new Notes(tomorrow, producers, partitions, acknowledged));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a resumed run must know. */
    private record Notes(
            LocalDate tomorrow, int producers, int partitions, Map<Integer, Map<LocalDate, Long>> acknowledged) {}
}
