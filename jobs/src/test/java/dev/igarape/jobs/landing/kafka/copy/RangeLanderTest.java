package dev.igarape.jobs.landing.kafka.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.avro.AvroCodec;
import dev.igarape.jobs.landing.kafka.offsets.BrokerOffsets;
import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.offsets.StartPolicy;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.LandingLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TestServers.class)
class RangeLanderTest {
    private static final long NOON = Instant.parse("2024-01-01T12:00:00Z").toEpochMilli();
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int YEAR = 366;

    private static TestingKafka kafka;

    @TempDir
    private Path folder;

    private String topic;

    @BeforeAll
    static void start(TestingKafka broker) {
        kafka = broker;
    }

    @BeforeEach
    void createTopic(TestInfo test) {
        topic = test.getTestMethod().orElseThrow().getName();
        kafka.createTopic(topic, 1, Map.of("message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE)));
    }

    @Test
    void landsEveryRecordByDateAndSchema() {
        List<byte[]> sent = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            sent.add(
                    i % 3 == 0
                            ? Orders.v2(
                                    i, Instant.ofEpochMilli(NOON + i % 5 * DAY).toString())
                            : Orders.v1(i, i % 7 == 0 ? null : Long.valueOf(NOON + i % 4 * DAY)));
        }
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            for (int i = 0; i < sent.size(); i++) {
                byte[] key = i % 2 == 0 ? null : ("k" + i).getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topic, 0, NOON + 10 * DAY + i, key, sent.get(i)));
            }
        }

        RangeResult result = land(options(), 0, 3000);

        assertThat(result.read()).isEqualTo(3000);
        assertThat(result.written()).isEqualTo(3000);
        assertThat(result.quarantined()).isZero();
        assertThat(result.quarantineFiles()).isEmpty();
        assertThat(result.files()).hasSize(5 + 5);
        List<GenericRecord> rows = LandedRows.read(result, result.files());
        for (int i = 0; i < 3000; i++) {
            GenericRecord row = rows.get(i);
            assertThat(row.get("offset")).isEqualTo((long) i);
            assertThat(row.get("topic").toString()).isEqualTo(topic);
            assertThat(row.get("partition")).isEqualTo(0);
            assertThat(row.get("timestamp")).isEqualTo(NOON + 10 * DAY + i);
            assertThat(row.get("schema_id")).isEqualTo(i % 3 == 0 ? 9 : 7);
            assertThat(row.get("key") == null).isEqualTo(i % 2 == 0);
            GenericRecord value = (GenericRecord) row.get("value");
            assertThat(Orders.message((Integer) row.get("schema_id"), value)).isEqualTo(sent.get(i));
        }
        for (LandedFile file : result.files()) {
            assertThat(file.path())
                    .startsWith("date=" + file.date() + "/part-" + topic + "-0-0-")
                    .endsWith("-" + file.schemaId() + ".avro");
            for (GenericRecord row : LandedRows.read(result, file)) {
                assertThat(expectedDate(row)).isEqualTo(file.date());
            }
        }
    }

    private static LocalDate expectedDate(GenericRecord row) {
        Object at = ((GenericRecord) row.get("value")).get("at");
        return at == null
                ? LocalDate.of(2024, 1, 11)
                : LocalDate.parse((at instanceof Long millis ? Instant.ofEpochMilli(millis) : at)
                        .toString()
                        .substring(0, 10));
    }

    @Test
    void landsJustTheRange() {
        send(Orders.v1(0, NOON), Orders.v1(1, NOON), Orders.v1(2, NOON), Orders.v1(3, NOON));

        RangeResult result = land(options(), 1, 3);

        assertThat(LandedRows.read(result, result.files()).stream().map(row -> row.get("offset")))
                .containsExactly(1L, 2L);
    }

    @Test
    void quarantinesPoisonWithItsReason() {
        byte[] good = Orders.v1(1, NOON);
        byte[] truncated = Arrays.copyOf(good, good.length - 1);
        byte[] trailing = Arrays.copyOf(good, good.length + 1);
        byte[] unknown = good.clone();
        unknown[4] = 8;
        byte[] magic = good.clone();
        magic[0] = 1;
        List<byte[]> messages = new ArrayList<>(List.of(
                good,
                truncated,
                trailing,
                unknown,
                magic,
                new byte[] {0, 0},
                Orders.v2(1, "soon"),
                Orders.v1(1, -1L),
                Orders.v1(1, Long.MAX_VALUE),
                Orders.v1(1, Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli())));
        messages.add(null);
        send(messages.toArray(new byte[0][]));

        RangeResult result = land(options(), 0, messages.size());

        assertThat(result.read()).isEqualTo(11);
        assertThat(result.written()).isEqualTo(2);
        assertThat(result.quarantined()).isEqualTo(9);
        List<GenericRecord> rows = LandedRows.read(result, result.quarantineFiles());
        Map<Long, String> rules = new TreeMap<>(rows.stream()
                .collect(Collectors.toMap(
                        row -> (Long) row.get("offset"), row -> row.get("rule").toString())));
        assertThat(rules)
                .isEqualTo(Map.of(
                        1L, "undecodable",
                        2L, "undecodable",
                        3L, "unknown_schema_id",
                        4L, "bad_magic",
                        5L, "short_message",
                        6L, "event_time_invalid",
                        7L, "event_time_out_of_range",
                        8L, "event_time_out_of_range",
                        10L, "null_value"));
        GenericRecord first = rows.get(0);
        assertThat(first.get("reason")).hasToString("lines[], at byte 16: the data end here");
        assertThat(first.get("schema_id")).isEqualTo(7);
        assertThat(first.get("value")).isEqualTo(ByteBuffer.wrap(truncated));
        assertThat(first.get("timestamp")).isEqualTo(NOON);
        assertThat(rows.get(3).get("schema_id")).isNull();
        assertThat(rows.get(8).get("value")).isNull();
        assertThat(result.quarantineFiles())
                .singleElement()
                .satisfies(file ->
                        assertThat(file.path()).isEqualTo("_quarantine/date=2024-01-01/part-" + topic + "-0-0-0.avro"));
    }

    @Test
    void leavesAbortedRecordsOutAndEndsBehindThem() {
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.of(topic))) {
            transaction(producer, true, 1, 2);
            transaction(producer, false, 3, 4);
            transaction(producer, true, 5);
            transaction(producer, false, 6, 7);
        }
        long end = new BrokerOffsets(kafka.properties(), Duration.ofSeconds(10))
                .read(topic, new StartPolicy.Earliest())
                .partitions()
                .get(0)
                .end();
        assertThat(end).isEqualTo(7 + 4);

        RangeResult result = land(options(), 0, end);

        assertThat(result.read()).isEqualTo(3);
        assertThat(LandedRows.read(result, result.files()).stream()
                        .map(row -> ((GenericRecord) row.get("value")).get("id")))
                .containsExactly(1L, 2L, 5L);
        assertThat(land(options(), 9, end).read()).isZero();
        assertThat(land(options(), 9, end).files()).isEmpty();
    }

    private void transaction(KafkaProducer<byte[], byte[]> producer, boolean commit, long... ids) {
        producer.beginTransaction();
        for (long id : ids) {
            producer.send(new ProducerRecord<>(topic, 0, NOON, null, Orders.v1(id, NOON)));
        }
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.flush();
            producer.abortTransaction();
        }
    }

    /** A producer that sends a year in one burst. */
    @Test
    void keepsFewFilesOpenAndMakesFewOfDatesInRandomOrder() {
        Random random = new Random(1);
        byte[][] messages = new byte[5000][];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = Orders.v1(i, NOON + random.nextInt(YEAR) * DAY);
        }
        send(messages);
        LandingOptions tight = new LandingOptions(
                ValueFormat.AVRO,
                "at",
                false,
                ZoneId.of("UTC"),
                AvroCodec.snappy(),
                new LandingLimits(3, 200_000, 4096, 1 << 20, 1 << 20, 20));

        CountedFiles files = new CountedFiles(localFiles());
        RangeResult result = land(tight, 0, messages.length, files);

        // And one that gets what has waited for it, and is closed again.
        assertThat(files.most()).isBetween(1, 3 + 1);
        assertThat(result.written()).isEqualTo(5000);
        assertThat(result.files()).hasSizeBetween(YEAR, 5 * YEAR);
        assertThat(LandedRows.read(result, result.files()).stream().map(row -> row.get("offset")))
                .doesNotHaveDuplicates()
                .hasSize(5000);
    }

    @Test
    void beginsANewFileWhereOneGrowsLarge() {
        byte[][] messages = new byte[3000][];
        for (int i = 0; i < messages.length; i++) {
            messages[i] = Orders.v2(i, "2024-01-01");
        }
        byte[] large = Orders.message(9, large());
        for (int i = 0; i < 60; i++) {
            messages[i * 50] = large;
        }
        send(messages);
        LandingOptions small = new LandingOptions(
                ValueFormat.AVRO,
                "at",
                false,
                ZoneId.of("UTC"),
                AvroCodec.none(),
                new LandingLimits(3, 1 << 20, 4096, 1 << 20, 1 << 20, 20));

        RangeResult result = land(small, 0, messages.length);

        assertThat(result.files()).hasSizeBetween(3, 7);
        assertThat(LandedRows.read(result, result.files())).hasSize(3000);
    }

    private static GenericRecord large() {
        GenericRecord order = new GenericData.Record(Orders.V2);
        order.put("id", 1L);
        order.put("note", "x".repeat(100_000));
        order.put("at", "2024-01-01");
        return order;
    }

    @Test
    void datesInThePipelinesTimeZone() {
        send(
                Orders.v1(0, Instant.parse("2024-01-01T02:59:59Z").toEpochMilli()),
                Orders.v1(1, Instant.parse("2024-01-01T03:00:00Z").toEpochMilli()),
                Orders.v2(2, "2024-01-02"));

        RangeResult result = land(options("America/Sao_Paulo", 20), 0, 3);

        assertThat(result.files().stream().map(LandedFile::date))
                .containsExactly(LocalDate.of(2023, 12, 31), LocalDate.of(2024, 1, 1), LocalDate.of(2024, 1, 2));
    }

    @Test
    void passesOnThatTheRegistryIsDown() {
        send(Orders.v1(0, NOON));
        WriterSchemas down = id -> {
            throw new LakeException(ExitCode.UNAVAILABLE, "Cannot get the schema with id " + id + ": no answer.");
        };

        try (RangeLander lander = new RangeLander(kafka.properties(), options(), down)) {
            assertThatThrownBy(() -> lander.land(range(0, 1), localFiles(), hadoopFolder()))
                    .hasMessage("Cannot get the schema with id 7: no answer.");
        }
    }

    @Test
    void givesUpWhereTheBrokerStalls() {
        send(Orders.v1(0, NOON));

        assertThatThrownBy(() -> land(options("UTC", 1), 0, 5))
                .isInstanceOf(LakeException.class)
                .hasMessage("Cannot land `" + topic + "`, partition 0, offsets 0 until 5: the broker at "
                        + kafka.bootstrapServers() + " gave nothing for 1 s at offset 1, 4 before the end. Start it,"
                        + " or check its log.")
                .satisfies(e -> assertThat(((LakeException) e).exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    }

    @Test
    void saysThatOffsetsHaveExpired() throws ExecutionException, InterruptedException {
        send(Orders.v1(0, NOON), Orders.v1(1, NOON), Orders.v1(2, NOON));
        try (Admin admin = kafka.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
        }

        assertThatThrownBy(() -> land(options(), 0, 3))
                .hasMessageContaining("the offsets are not there any more")
                .satisfies(e -> assertThat(((LakeException) e).exitCode()).isEqualTo(ExitCode.EXPECTATION));
        assertThat(land(options(), 2, 3).written()).isEqualTo(1);
    }

    private LandingOptions options() {
        return options("UTC", 20);
    }

    private static LandingOptions options(String timezone, int stallSeconds) {
        LandingLimits usual = LandingLimits.DEFAULT;
        LandingLimits bounds = new LandingLimits(
                usual.openFiles(),
                usual.waitingBytes(),
                usual.blockBytes(),
                usual.fetchBytes(),
                usual.fileBytes(),
                stallSeconds);
        return LandingOptions.of(ValueFormat.AVRO, Optional.of("at"), ZoneId.of(timezone), bounds);
    }

    private OffsetRange range(long from, long until) {
        return new OffsetRange(topic, 0, from, until);
    }

    private RangeResult land(LandingOptions options, long from, long until) {
        return land(options, from, until, localFiles());
    }

    private RangeResult land(LandingOptions options, long from, long until, FileSystem files) {
        try (RangeLander lander = new RangeLander(kafka.properties(), options, Orders.schemas())) {
            return lander.land(
                    range(from, until), files, new org.apache.hadoop.fs.Path(hadoopFolder(), "" + System.nanoTime()));
        }
    }

    private org.apache.hadoop.fs.Path hadoopFolder() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }

    private static FileSystem localFiles() {
        try {
            return FileSystem.getLocal(new Configuration());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void send(byte[]... values) {
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(topic, 0, NOON, null, value));
            }
        }
    }
}
