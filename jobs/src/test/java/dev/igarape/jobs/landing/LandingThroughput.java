package dev.igarape.jobs.landing;

import dev.igarape.jobs.landing.offsets.OffsetRange;
import dev.igarape.jobs.testing.TestingKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Measures the landing against writing the same bytes raw: the same consumer, Avro blocks and codec, but neither checks
 * nor envelopes nor dates. Not a test; run its main method: {@code [messages] [rounds]}.
 */
final class LandingThroughput {
    private static final String TOPIC = "clicks";
    private static final int PARTITIONS = 4;
    private static final int THREADS = 2;
    private static final long NOON = 1_704_110_400_000L;

    private static final Schema CLICK = SchemaBuilder.record("click")
            .fields()
            .requiredString("username")
            .requiredString("page")
            .requiredString("event")
            .name("at")
            .type(new Schema.Parser().parse("{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}"))
            .noDefault()
            .requiredInt("count")
            .optionalString("referrer")
            .endRecord();

    private static final ThreadMXBean THREAD = ManagementFactory.getThreadMXBean();

    private final AtomicLong cpu = new AtomicLong();
    private final TestingKafka kafka;
    private final Path folder;
    private final int messages;

    private LandingThroughput(TestingKafka kafka, Path folder, int messages) {
        this.kafka = kafka;
        this.folder = folder;
        this.messages = messages;
    }

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int messages = args.length > 0 ? Integer.parseInt(args[0]) : 2_000_000;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Path folder = Files.createTempDirectory("landing-throughput");
        try (TestingKafka kafka = TestingKafka.start()) {
            LandingThroughput bench = new LandingThroughput(kafka, folder, messages);
            bench.fill();
            bench.compare(rounds);
        } finally {
            delete(folder);
        }
    }

    private void fill() {
        kafka.createTopic(TOPIC, PARTITIONS, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            for (int i = 0; i < messages; i++) {
                GenericRecord click = new GenericData.Record(CLICK);
                click.put("username", "user-" + i % 5003);
                click.put("page", "/products/" + i % 997 + "/details");
                click.put("event", i % 3 == 0 ? "click" : "view");
                click.put("at", NOON + i);
                click.put("count", i);
                click.put("referrer", i % 4 == 0 ? null : "https://example.org/" + i % 89);
                producer.send(new ProducerRecord<>(
                        TOPIC, i % PARTITIONS, null, Orders.message(1 + i / PARTITIONS % 2, click)));
            }
        }
    }

    private void compare(int rounds) throws IOException, InterruptedException, ExecutionException {
        Map<String, AvroCodec> codecs = new TreeMap<>(
                Map.of("none", AvroCodec.none(), "snappy", AvroCodec.snappy(), "zstd 3", AvroCodec.zstandard(3)));
        Map<String, List<Double>> rates = new TreeMap<>();
        for (int round = -1; round < rounds; round++) {
            for (Map.Entry<String, AvroCodec> codec : codecs.entrySet()) {
                LandingOptions options = LandingOptions.standard(Optional.of("at"), ZoneId.of("UTC"))
                        .withCodec(codec.getValue());
                double ours = rate(options, this::land);
                double oursCpu = (double) cpu.getAndSet(0) / messages;
                double raw = rate(options, this::copy);
                double rawCpu = (double) cpu.getAndSet(0) / messages;
                if (round >= 0) {
                    add(rates, codec.getKey() + ": ours, k records/s", ours);
                    add(rates, codec.getKey() + ": raw, k records/s", raw);
                    add(rates, codec.getKey() + ": ours / raw", ours / raw);
                    add(rates, codec.getKey() + ": ours, ns of CPU", oursCpu);
                    add(rates, codec.getKey() + ": raw, ns of CPU", rawCpu);
                    add(rates, codec.getKey() + ": raw / ours, CPU", rawCpu / oursCpu);
                }
            }
        }
        rates.forEach((what, values) -> {
            Collections.sort(values);
            System.out.printf(
                    Locale.ROOT,
                    "%-28s median %8.2f, from %8.2f to %8.2f%n",
                    what,
                    values.get(values.size() / 2),
                    values.get(0),
                    values.get(values.size() - 1));
        });
    }

    private static void add(Map<String, List<Double>> rates, String what, double rate) {
        rates.computeIfAbsent(what, key -> new ArrayList<>()).add(rate);
    }

    private interface Way {
        long run(LandingOptions options, int partition, Path target) throws IOException;
    }

    private double rate(LandingOptions options, Way way) throws IOException, InterruptedException, ExecutionException {
        Path target = Files.createTempDirectory(folder, "run");
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        long start = System.nanoTime();
        List<Future<Long>> parts = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            int partition = i;
            parts.add(pool.submit(() -> {
                long before = THREAD.getCurrentThreadCpuTime();
                long rows = way.run(options, partition, target);
                cpu.addAndGet(THREAD.getCurrentThreadCpuTime() - before);
                return rows;
            }));
        }
        long rows = 0;
        for (Future<Long> part : parts) {
            rows += part.get();
        }
        double millis = (System.nanoTime() - start) / 1e6;
        pool.shutdown();
        delete(target);
        if (rows != messages) {
            throw new IllegalStateException(rows + " rows instead of " + messages);
        }
        return rows / millis;
    }

    private long land(LandingOptions options, int partition, Path target) throws IOException {
        WriterSchemas schemas = id -> new WriterSchemas.Known(CLICK);
        try (RangeLander lander = new RangeLander(kafka.properties(), options, schemas)) {
            return lander.land(
                            new OffsetRange(TOPIC, partition, 0, messages / PARTITIONS),
                            FileSystem.getLocal(new Configuration()),
                            new org.apache.hadoop.fs.Path(target.toUri()))
                    .written();
        }
    }

    private long copy(LandingOptions options, int partition, Path target) throws IOException {
        Schema schema = Schema.create(Schema.Type.BYTES);
        long rows = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        ConsumerSettings.of(kafka.properties(), options),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                DataFileWriter<Object> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(options.codec().factory());
            writer.setSyncInterval(options.blockBytes());
            writer.create(
                    schema,
                    FileSystem.getLocal(new Configuration())
                            .create(new org.apache.hadoop.fs.Path(target.toUri() + "/part-" + partition)));
            TopicPartition source = new TopicPartition(TOPIC, partition);
            consumer.assign(List.of(source));
            consumer.seekToBeginning(List.of(source));
            while (rows < messages / PARTITIONS) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(500))) {
                    writer.append(ByteBuffer.wrap(message.value()));
                    rows++;
                }
            }
        }
        return rows;
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
