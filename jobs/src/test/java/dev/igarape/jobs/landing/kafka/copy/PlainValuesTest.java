package dev.igarape.jobs.landing.kafka.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.model.targets.LandingLimits;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Topics whose values name no schema, on a real broker. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class PlainValuesTest {
    private static final long NOON = Instant.parse("2024-01-01T12:00:00Z").toEpochMilli();

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
        kafka.createTopic(topic, 1, java.util.Map.of());
    }

    @Test
    void jsonIsKeptAsTextOnTheDateOfItsEvent() throws IOException {
        RangeResult result = land(
                ValueFormat.JSON,
                Optional.of("at"),
                "{\"at\": \"2024-02-03T23:59:59Z\", \"n\": 1.10}",
                "{\"x\": {\"at\": \"1999-01-01\"}, \"at\": 1704196800000}",
                "{\"at\": \"2024-02-05\"}",
                " [\"água\"]",
                "{\"at\": null}");
        assertThat(result.written()).isEqualTo(5);
        assertThat(rows(result, result.files()))
                .containsExactlyInAnyOrder(
                        "2024-02-03 0 {\"at\": \"2024-02-03T23:59:59Z\", \"n\": 1.10}",
                        "2024-01-02 1 {\"x\": {\"at\": \"1999-01-01\"}, \"at\": 1704196800000}",
                        "2024-02-05 2 {\"at\": \"2024-02-05\"}",
                        "2024-01-01 3  [\"água\"]",
                        "2024-01-01 4 {\"at\": null}");
    }

    @Test
    void whatIsNoJsonIsQuarantined() throws IOException {
        RangeResult result = land(
                ValueFormat.JSON,
                Optional.of("at"),
                "",
                "{\"at\": \"2024-02-03\"",
                "{} {}",
                "{\"at\": \"noon\"}",
                "{\"at\": true}",
                "{\"at\": 9223372036854775807}",
                "{\"at\": 9223372036854775808}",
                "[".repeat(10_000) + "]".repeat(10_000),
                "NaN",
                "{\"fine\": 1}");
        assertThat(result.written()).isEqualTo(1);
        TreeMap<Long, String> rules = new TreeMap<>();
        for (GenericRecord row : records(result, result.quarantineFiles())) {
            rules.put((Long) row.get("offset"), row.get("rule").toString());
            assertThat(row.get("schema_id")).isNull();
        }
        assertThat(rules.values())
                .containsExactly(
                        "not_json",
                        "not_json",
                        "not_json",
                        "event_time_invalid",
                        "event_time_invalid",
                        "event_time_out_of_range",
                        "event_time_invalid",
                        "not_json",
                        "not_json");
    }

    @Test
    void bytesAreKeptAsTheyAre() throws IOException {
        byte[] value = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, 0, 1, (byte) 0xff, '{'};
        RangeResult result = land(ValueFormat.BYTES, Optional.empty(), List.of(value, new byte[0]));
        List<GenericRecord> records = records(result, result.files());
        assertThat(records).extracting(r -> bytes(r.get("value"))).containsExactly(value, new byte[0]);
        assertThat(records).extracting(r -> r.get("schema_id")).containsOnly(0);
    }

    /** jackson-core#458: a reader of the text takes a byte order mark for a character that JSON can't begin with. */
    @Test
    void jsonIsKeptWithoutAByteOrderMark() throws IOException {
        RangeResult result =
                land(ValueFormat.JSON, Optional.of("at"), "\uFEFF{\"at\": \"2024-02-03\"}", "\uFEFF", "\uFEFF\uFEFF1");
        assertThat(rows(result, result.files())).containsExactly("2024-02-03 0 {\"at\": \"2024-02-03\"}");
        assertThat(result.quarantined()).isEqualTo(2);
    }

    @Test
    void jsonThatIsNotUtf8IsQuarantined() throws IOException {
        byte[] utf16 = "{\"a\":1}".getBytes(StandardCharsets.UTF_16LE);
        byte[] broken = {'"', (byte) 0xc3, '"'};
        RangeResult result = land(ValueFormat.JSON, Optional.empty(), List.of(utf16, broken));
        assertThat(result.quarantined()).isEqualTo(2);
    }

    private RangeResult land(ValueFormat format, Optional<String> eventTime, String... values) {
        List<byte[]> bytes = new ArrayList<>();
        for (String value : values) {
            bytes.add(value.getBytes(StandardCharsets.UTF_8));
        }
        return land(format, eventTime, bytes);
    }

    private RangeResult land(ValueFormat format, Optional<String> eventTime, List<byte[]> values) {
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            values.forEach(value -> producer.send(new ProducerRecord<>(topic, 0, NOON, null, value)));
        }
        LandingOptions options = LandingOptions.of(format, eventTime, ZoneId.of("UTC"), LandingLimits.DEFAULT);
        try (RangeLander lander = new RangeLander(kafka.properties(), options, WriterSchemas.none())) {
            return lander.land(
                    new OffsetRange(topic, 0, 0, values.size()),
                    FileSystem.getLocal(new Configuration()),
                    new org.apache.hadoop.fs.Path(folder.toUri()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> rows(RangeResult result, List<LandedFile> files) throws IOException {
        List<String> rows = new ArrayList<>();
        for (LandedFile file : files) {
            for (GenericRecord row : records(result, List.of(file))) {
                rows.add(file.date() + " " + row.get("offset") + " " + row.get("value"));
            }
        }
        return rows;
    }

    private List<GenericRecord> records(RangeResult result, List<LandedFile> files) throws IOException {
        List<GenericRecord> rows = new ArrayList<>();
        for (LandedFile file : files) {
            File path = folder.resolve(file.path()).toFile();
            try (DataFileReader<GenericRecord> reader =
                    new DataFileReader<>(path, new GenericDatumReader<GenericRecord>())) {
                reader.forEach(rows::add);
            }
        }
        assertThat(rows.size()).isLessThanOrEqualTo((int) result.read());
        return rows;
    }

    private static byte[] bytes(Object value) {
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
