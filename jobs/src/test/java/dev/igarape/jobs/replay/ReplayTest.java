package dev.igarape.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Clean;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.maintenance.MaintenanceAction;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.quarantine.Quarantine;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.jobs.testing.TestingMetastore;
import dev.igarape.jobs.testing.TestingRegistry;
import dev.igarape.model.Definition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A topic's landing, its quarantine and its compaction: real broker and metastore, files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class ReplayTest {
    private static final TableName RAW = TableName.parse("raw.orders");
    private static final int KNOWN = 7;
    private static final int LATER = 9;
    private static final Schema V1 = schema("{\"name\": \"id\", \"type\": \"long\"}");
    private static final Schema V2 = schema(
            "{\"name\": \"id\", \"type\": \"long\"}, {\"name\": \"note\", \"type\": [\"null\", \"string\"], \"default\": null}");
    private static final long NOON = Instant.parse("2024-01-01T12:00:00Z").toEpochMilli();
    private static final AtomicInteger LAKES = new AtomicInteger();

    @TempDir
    private static Path folder;

    private static TestingKafka kafka;
    private static LocalLake local;

    private TestingRegistry registry;
    private String topic;
    private String prefix;
    private Optional<String> partitionBy = Optional.empty();

    @BeforeAll
    static void start(TestingKafka broker, TestingMetastore metastore) {
        kafka = broker;
        local = new LocalLake(folder, metastore);
    }

    @BeforeEach
    void open(TestingRegistry schemas) {
        int number = LAKES.incrementAndGet();
        prefix = "r" + number + "_";
        topic = "orders" + number;
        kafka.createTopic(topic, 1, Map.of("retention.ms", "-1"));
        registry = schemas;
        registry.register(KNOWN, V1.toString());
    }

    @Test
    void poisonGetsInOnceItsSchemaIsThere() throws Exception {
        send(order(KNOWN, 1), order(LATER, 2), new byte[] {1, 2}, order(LATER, 3));
        assertThat(land(lake(Step.Listener.NONE)).balance()).isEqualTo(Balance.landed(4, 1, 3));
        assertThat(counts())
                .containsExactly(entry("2024-01-01 short_message", 1L), entry("2024-01-01 unknown_schema_id", 2L));
        assertThat(replay().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        registry.register(LATER, V2.toString());

        TableRun run = replay();

        assertThat(run.balance()).isEqualTo(Balance.landed(3, 2, 1));
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(shown("quarantine", "raw_orders", "rule")).containsExactly("short_message");
        LedgerState state = lake(Step.Listener.NONE).ledger(RAW).read();
        assertThat(state.nextOffsets()).isEqualTo(Map.of(topic, Map.of(0, 4L)));
        assertThat(state.avroSchema().orElseThrow()).contains("note");
        assertThat(rows(state.partitions()) + rows(state.quarantine())).isEqualTo(4);
    }

    @Test
    void aSecondReplayChangesNothing() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        assertThat(replay().sequence()).isEqualTo(2);
        assertThat(replay().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(replay().sequence()).isEqualTo(2);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2");
        assertThat(shown("quarantine", "raw_orders", "rule")).isEmpty();
        assertThat(counts()).isEmpty();
    }

    @Test
    void aReplayThatLandsNothingLeavesNoFiles() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        List<String> before = folders();
        assertThat(replay().balance()).isEqualTo(Balance.landed(1, 0, 1));
        assertThat(folders()).isEqualTo(before);
    }

    @Test
    void dyingAnywhereAndReplayingAgainLandsEachRecordOnce() throws Exception {
        long id = 0;
        for (Step step : Step.values()) {
            registry.register(LATER, V2.toString());
            int unknown = 100 + step.ordinal();
            send(order(unknown, id++), order(KNOWN, id++));
            land(lake(Step.Listener.NONE));
            registry.register(unknown, V2.toString());
            Lake dying = lake(reached -> {
                if (reached == step) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> replay(dying)).as("at %s", step).isInstanceOf(Killed.class);
            replay();
            List<String> all = Stream.iterate(0L, n -> n + 1)
                    .limit(id)
                    .map(String::valueOf)
                    .toList();
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s", step)
                    .containsExactlyInAnyOrderElementsOf(all);
            assertThat(shown("quarantine", "raw_orders", "rule")).isEmpty();
        }
    }

    @Test
    void aLandingThatDiesAnywhereAndRunsAgainLandsEachRecordOnce() throws Exception {
        List<Step> reached = new ArrayList<>();
        long id = 0;
        for (Step step : Step.values()) {
            send(order(KNOWN, id++), new byte[] {1, 2});
            Lake dying = lake(at -> {
                if (at == step) {
                    reached.add(step);
                    throw new Killed();
                }
            });
            try {
                land(dying);
            } catch (Killed expected) {
                // As it should.
            }
            land(lake(Step.Listener.NONE));
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s", step)
                    .hasSize((int) id);
            assertThat(shown("quarantine", "raw_orders", "rule")).hasSize((int) id);
        }
        assertThat(shown("raw", "orders", "id")).doesNotHaveDuplicates();
        // Each batch is a partition of its own: nothing but quarantine's dates is ever altered.
        assertThat(reached).contains(Step.values());
    }

    @Test
    void aReplayDoesNotMixTwoKindsOfPartitions() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        partitionBy = Optional.of(Source.Kafka.RECORD_NAME);
        assertThatThrownBy(() -> replay())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("was landed without `partition_by` before");
        partitionBy = Optional.empty();
        assertThat(replay().balance()).isEqualTo(Balance.landed(1, 1, 0));
    }

    @Test
    void twoReplaysAtOnceLandEachRecordOnce() throws Exception {
        send(order(LATER, 1), order(LATER, 2), order(KNOWN, 3));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        AtomicInteger rounds = new AtomicInteger();
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                assertThat(unchecked(() -> replay()).outcome()).isEqualTo(TableRun.Outcome.COMMITTED);
            }
        });
        assertThat(replay(raced).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(rounds).hasValue(1);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void aLandingBesideAReplayLosesAndDoublesNothing() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        AtomicInteger rounds = new AtomicInteger();
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                unchecked(() -> {
                    send(order(KNOWN, 3), order(LATER, 4));
                    return land(lake(Step.Listener.NONE));
                });
            }
        });
        replay(raced);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2", "3", "4");
        assertThat(shown("quarantine", "raw_orders", "rule")).isEmpty();
    }

    @Test
    void showsWhereAReadableRecordCameFromAndWhatItSays() throws Exception {
        registry.register(LATER, V2.toString());
        byte[] withTail = new byte[order(LATER, 5).length + 1];
        System.arraycopy(order(LATER, 5), 0, withTail, 0, withTail.length - 1);
        send(withTail, new byte[] {(byte) 0xff}, "hello".getBytes(StandardCharsets.UTF_8), order(50, 6));
        land(lake(Step.Listener.NONE));
        registry.register(50, V1.toString());
        Lake lake = lake(Step.Listener.NONE);

        List<Map<String, Object>> rows = new Quarantine(lake)
                .rows(lake.table(RAW), new Quarantine.Filter(Optional.empty(), Optional.empty(), 10));

        assertThat(rows).hasSize(4);
        assertThat(rows.get(0)).contains(entry("rule", "undecodable"), entry("offset", 0L), entry("schema_id", LATER));
        assertThat(rows.get(1)).contains(entry("rule", "short_message"), entry("value_base64", "/w=="));
        assertThat(rows.get(2)).contains(entry("rule", "bad_magic"), entry("value", "hello"));
        assertThat(rows.get(3))
                .contains(
                        entry("rule", "unknown_schema_id"),
                        entry("topic", topic),
                        entry("partition", 0),
                        entry("offset", 3L),
                        entry("timestamp", "2024-01-01T12:00:00Z"),
                        entry("value_json", "{\"id\":6}"));
        assertThat(new Quarantine(lake)
                        .rows(lake.table(RAW), new Quarantine.Filter(Optional.empty(), Optional.of("bad_magic"), 10)))
                .hasSize(1);
        assertThat(new Quarantine(lake)
                        .rows(lake.table(RAW), new Quarantine.Filter(Optional.empty(), Optional.empty(), 2)))
                .hasSize(2);
    }

    @Test
    void anAnswerOfAnApiIsNeverInQuarantine() throws Exception {
        Source source = new Source.Http("http://127.0.0.1", Map.of(), "json", Optional.empty());
        Table table = new Table(
                TableName.parse("raw.answers"),
                "",
                new Definition.Landing(source),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "hash");
        assertThatThrownBy(() -> new Replay(lake(Step.Listener.NONE), (t, l) -> {}, () -> null).run(table))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("keeps every answer of its source as received");
    }

    @Test
    void compactsBatchesIntoOneByCopyingBlocks() throws Exception {
        registry.register(LATER, V2.toString());
        for (int i = 0; i < 4; i++) {
            send(order(KNOWN, 2 * i), order(LATER, 2 * i + 1));
            land(lake(Step.Listener.NONE));
        }
        assertThat(local.partitions(prefix + "raw", "orders")).hasSize(4);
        LedgerState before = lake(Step.Listener.NONE).ledger(RAW).read();

        List<MaintenanceAction> chores = compact(lake(Step.Listener.NONE));

        assertThat(chores).singleElement().satisfies(chore -> {
            assertThat(chore.files()).isEqualTo(8);
            assertThat(chore.rows()).isEqualTo(8);
        });
        LedgerState state = lake(Step.Listener.NONE).ledger(RAW).read();
        assertThat(state.partitionsOf(LocalDate.parse("2024-01-01")))
                .singleElement()
                .satisfies(placed -> {
                    assertThat(placed.partition().files()).isEqualTo(2);
                    assertThat(placed.origins()).isEqualTo(Map.of(1L, 2L, 2L, 2L, 3L, 2L, 4L, 2L));
                });
        assertThat(state.avroSchema()).isEqualTo(before.avroSchema());
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(compact(lake(Step.Listener.NONE))).isEmpty();
        clean();
        assertThat(local.partitions(prefix + "raw", "orders")).hasSize(1);
        assertThat(shown("raw", "orders", "id")).hasSize(8);
    }

    @Test
    void recordNamesStayPartitionsThroughReplayAndCompaction() throws Exception {
        partitionBy = Optional.of(Source.Kafka.RECORD_NAME);
        send(order(KNOWN, 1), order(LATER, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        replay();
        assertThat(compact(lake(Step.Listener.NONE))).hasSize(1);
        assertThat(lake(Step.Listener.NONE).ledger(RAW).read().partitionsOf(LocalDate.parse("2024-01-01")))
                .singleElement()
                .satisfies(placed -> assertThat(placed.partition().recordName()).hasValue("order"));
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void aLandingBesideACompactionIsNoPartOfIt() throws Exception {
        for (int i = 0; i < 3; i++) {
            send(order(KNOWN, i));
            land(lake(Step.Listener.NONE));
        }
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN) {
                unchecked(() -> {
                    send(order(KNOWN, 3));
                    return land(lake(Step.Listener.NONE));
                });
            }
        });
        assertThat(compact(raced)).hasSize(1);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("0", "1", "2", "3");
    }

    @Test
    void dyingInACompactionLosesAndDoublesNothing() throws Exception {
        for (Step step : Step.values()) {
            send(order(KNOWN, 2L * step.ordinal()));
            land(lake(Step.Listener.NONE));
            send(order(KNOWN, 2L * step.ordinal() + 1));
            land(lake(Step.Listener.NONE));
            Lake dying = lake(reached -> {
                if (reached == step) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> compact(dying)).as("at %s", step).isInstanceOf(Killed.class);
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s", step)
                    .hasSize(2 * step.ordinal() + 2)
                    .doesNotHaveDuplicates();
            compact(lake(Step.Listener.NONE));
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s and running again", step)
                    .hasSize(2 * step.ordinal() + 2)
                    .doesNotHaveDuplicates();
        }
    }

    /** Not caught anywhere: stands for a process that dies. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private interface Work<T> {
        T run() throws Exception;
    }

    private static <T> T unchecked(Work<T> work) {
        try {
            return work.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(byte[]... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(topic, 0, NOON, null, value)).get();
            }
        }
    }

    private static byte[] order(int schemaId, long id) {
        Schema writer = schemaId == KNOWN || schemaId == 50 ? V1 : V2;
        GenericRecord order = new GenericData.Record(writer);
        order.put("id", id);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(writer).write(order, encoder);
            encoder.flush();
            return WireFormat.frame(schemaId, out.toByteArray());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"order\", \"fields\": [" + fields + "]}");
    }

    private TableRun land(Lake lake) throws Exception {
        Source.Kafka source = source();
        try (Publisher publisher = lake.publisher()) {
            return new KafkaLanding(lake, publisher, () -> {
                        throw new AssertionError("asked for Spark");
                    })
                    .run(lake.table(RAW), source, false);
        }
    }

    private TableRun replay() throws Exception {
        return replay(lake(Step.Listener.NONE));
    }

    private static TableRun replay(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Replay(lake, publisher, () -> {
                        throw new AssertionError("asked for Spark");
                    })
                    .run(lake.table(RAW))
                    .get(0);
        }
    }

    private static List<MaintenanceAction> compact(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Compact(lake, publisher, () -> {
                        throw new AssertionError("asked for Spark");
                    })
                    .run(lake.table(RAW), false);
        }
    }

    private void clean() throws Exception {
        Lake lake = lake(Clock.offset(Clock.systemUTC(), Duration.ofDays(8)), Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            new Clean(lake, publisher, Clean.KEPT).run(lake.table(RAW), false);
        }
    }

    private Map<String, Long> counts() throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        Map<String, Long> counts = new TreeMap<>();
        new Quarantine(lake)
                .counts(lake.table(RAW))
                .forEach(count -> counts.put(count.date() + " " + count.rule(), count.rows()));
        return counts;
    }

    private static long rows(List<LedgerState.Placed> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().rows())
                .sum();
    }

    private List<String> folders() throws IOException {
        List<String> names = new ArrayList<>();
        for (TableName table : List.of(RAW, RAW.quarantine())) {
            Path root = Path.of(URI.create(lake(Step.Listener.NONE).target().folder(table)));
            try (Stream<Path> children = Files.list(root)) {
                children.map(child -> child.getFileName().toString()).sorted().forEach(names::add);
            }
        }
        return names;
    }

    /** A column, or a field of the value, of all rows that readers of the metastore see. */
    private List<String> shown(String database, String table, String column) throws Exception {
        List<String> rows = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + database, table)) {
            Path location = Path.of(URI.create(partition.getSd().getLocation()));
            try (Stream<Path> files = Files.list(location)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".avro")).toList()) {
                    try (DataFileReader<GenericRecord> reader =
                            new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
                        for (GenericRecord row : reader) {
                            Object value = row.getSchema().getField(column) == null
                                    ? ((GenericRecord) row.get("value")).get(column)
                                    : row.get(column);
                            rows.add(value.toString());
                        }
                    }
                }
            }
        }
        return rows;
    }

    private Lake lake(Step.Listener steps) throws IOException {
        return lake(Clock.systemUTC(), steps);
    }

    private Lake lake(Clock clock, Step.Listener steps) throws IOException {
        Table table =
                new Table(RAW, "", new Definition.Landing(source()), Map.of(), List.of(), List.of(), "forever", "hash");
        return local.lake(prefix, kafka.properties(), registry.properties(), Map.of(), clock, steps, table);
    }

    private Source.Kafka source() {
        return new Source.Kafka(List.of(topic), "earliest", "avro", Optional.empty(), partitionBy);
    }
}
