package dev.igarape.jobs.landing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingRegistry;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.LandingLimits;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One topic with two event types, landed into a table partitioned by the record's name. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class MultiplexedTopicTest {
    private static final TableName RAW = TableName.parse("raw.orders");
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");
    private static final long NOON = Instant.parse("2024-01-01T12:00:00Z").toEpochMilli();
    private static final Map<Integer, Schema> SCHEMAS = Map.of(
            1, schema("OrderPlaced", "{'name': 'id', 'type': 'long'}, {'name': 'sku', 'type': 'string'}"),
            2, schema("OrderPaid", "{'name': 'id', 'type': 'long'}, {'name': 'amount', 'type': 'double'}"));

    private static LocalLake local;
    private static TestingRegistry registry;

    @BeforeAll
    static void start(LocalLake lake, TestingRegistry schemas) throws Exception {
        local = lake;
        local.kafka().createTopic("orders", 1, Map.of("retention.ms", "-1"));
        // Producers name their subjects by topic and record: there is none of the topic alone.
        registry = schemas;
        SCHEMAS.forEach((id, schema) -> registry.register(id, schema.toString()));
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (int i = 0; i < 10; i++) {
                GenericRecordBuilder event =
                        new GenericRecordBuilder(SCHEMAS.get(i % 5 == 0 ? 2 : 1)).set("id", (long) i);
                GenericRecord value = (i % 5 == 0 ? event.set("amount", 1.5) : event.set("sku", "a")).build();
                producer.send(new ProducerRecord<>("orders", 0, NOON, null, framed(i % 5 == 0 ? 2 : 1, value)));
            }
            producer.send(new ProducerRecord<>("orders", 0, NOON, null, new byte[] {9, 9, 9, 9, 9, 9}));
        }
    }

    @Test
    void landsEachTypeIntoAPartitionOfItsOwn() throws Exception {
        Table table = table(Optional.of(Source.Kafka.RECORD_NAME));
        Lake lake = lake("types_", table);

        TableRun run = land(lake, table);

        assertThat(run.balance()).isEqualTo(Balance.landed(11, 10, 1));
        LedgerState state = lake.ledger(RAW).read();
        assertThat(state.partitions())
                .extracting(placed -> placed.partition().recordName().orElseThrow())
                .containsExactly("shop.OrderPaid", "shop.OrderPlaced");
        assertThat(state.partitions())
                .extracting(placed -> placed.partition().rows())
                .containsExactly(2L, 8L);
        assertThat(local.metastore().getTable("types_raw", "orders").getPartitionKeys())
                .extracting(FieldSchema::getName)
                .containsExactly("date", "batch", "record_name");
        String batch = state.partitions().get(0).partition().batch().orElseThrow();
        assertThat(local.partitions("types_raw", "orders"))
                .extracting(Partition::getValues)
                .containsExactlyInAnyOrder(
                        List.of("2024-01-01", batch, "shop.OrderPaid"),
                        List.of("2024-01-01", batch, "shop.OrderPlaced"));
        assertThat(local.partitions("types_quarantine", "raw_orders"))
                .extracting(Partition::getValues)
                .containsExactly(List.of("2024-01-01", batch));
        assertThat(land(lake, table).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void givesDailyTablesTheNameAndTheFieldsOfAllTypes() throws Exception {
        Table table = table(Optional.of(Source.Kafka.RECORD_NAME));
        Table daily = new Table(
                TableName.parse("trusted.orders"),
                "",
                new DailyDefinition("SELECT record_name, count(*) AS rows, count(value.sku) AS skus,"
                        + " sum(value.amount) AS amount FROM raw.orders WHERE date = {run_date} GROUP BY record_name"),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "hash");
        Lake lake = lake("daily_", table, daily);
        land(lake, table);

        try (Publisher publisher = lake.publisher()) {
            new DailyBuild(lake, publisher, local::spark).run(daily, List.of(DAY), BuildOverrides.NOTHING);
        }

        PartitionVersion built =
                lake.ledger(daily.name()).read().partitions().get(0).partition();
        assertThat(local.spark()
                        .read()
                        .parquet(lake.target().folder(daily.name()) + "/" + built.path())
                        .orderBy("record_name")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[shop.OrderPaid,2,0,3.0]", "[shop.OrderPlaced,8,8,null]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "bytes"})
    void landsEachTopicIntoAPartitionOfItsOwn(String format) throws Exception {
        List<String> topics = List.of("books_" + format, "sales." + format);
        for (String topic : topics) {
            local.kafka().createTopic(topic, 1, Map.of("retention.ms", "-1"));
        }
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (int i = 0; i < 5; i++) {
                byte[] value = ("{\"id\": " + i + "}").getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(topics.get(i % 2), 0, NOON, null, value));
            }
        }
        Table raw =
                table(new Source.Kafka(topics, "earliest", format, Optional.empty(), Optional.of(Source.Kafka.TOPIC)));
        Table daily = new Table(
                TableName.parse("trusted.orders"),
                "",
                new DailyDefinition(
                        "SELECT topic, count(*) AS rows, max(get_json_object(CAST(value AS STRING), '$.id'))"
                                + " AS last FROM raw.orders WHERE topic = '" + topics.get(1) + "' GROUP BY topic"),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "hash");
        Lake lake = lake("topics_" + format + "_", raw, daily);

        assertThat(land(lake, raw).balance()).isEqualTo(Balance.landed(5, 5, 0));

        LedgerState state = lake.ledger(RAW).read();
        assertThat(state.partitions())
                .extracting(placed -> placed.partition().recordName().orElseThrow() + " "
                        + placed.partition().rows())
                .containsExactly(topics.get(0) + " 3", topics.get(1) + " 2");
        String batch = state.partitions().get(0).partition().batch().orElseThrow();
        assertThat(local.partitions("topics_" + format + "_raw", "orders"))
                .extracting(Partition::getValues)
                .containsExactlyInAnyOrder(
                        List.of("2024-01-01", batch, topics.get(0)), List.of("2024-01-01", batch, topics.get(1)));
        assertThat(local.metastore()
                        .getTable("topics_" + format + "_raw", "orders")
                        .getSd()
                        .getCols())
                .extracting(FieldSchema::getName)
                .containsExactly("key", "partition", "offset", "timestamp", "schema_id", "value");
        try (Publisher publisher = lake.publisher()) {
            new DailyBuild(lake, publisher, local::spark).run(daily, List.of(DAY), BuildOverrides.NOTHING);
        }
        PartitionVersion built =
                lake.ledger(daily.name()).read().partitions().get(0).partition();
        assertThat(local.spark()
                        .read()
                        .parquet(lake.target().folder(daily.name()) + "/" + built.path())
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[" + topics.get(1) + ",2,3]");
        Table named = table(new Source.Kafka(topics, "earliest", format, Optional.empty(), Optional.empty()));
        assertThatThrownBy(() -> land(lake("topics_" + format + "_", named), named))
                .hasMessageContaining("it was landed with `partition_by: topic` before")
                .hasMessageContaining("Write `partition_by: topic`");
    }

    @Test
    void refusesToChangeThePartitionsOfALandedTable() throws Exception {
        Table plain = table(Optional.empty());
        land(lake("changed_", plain), plain);
        Table named = table(Optional.of(Source.Kafka.RECORD_NAME));

        assertThatThrownBy(() -> land(lake("changed_", named), named))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessage("Cannot land raw.orders: it was landed without `partition_by` before, and a table has one"
                        + " kind of partitions. Take `partition_by` out, or land the topics into a table of another"
                        + " name.");
    }

    @Test
    void landsWithinTheBoundsOfTheTarget() throws Exception {
        local.kafka().createTopic("many", 1, Map.of("retention.ms", "-1"));
        Random random = new Random(1);
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (int i = 0; i < 100; i++) {
                byte[] value = new byte[1000];
                random.nextBytes(value);
                producer.send(new ProducerRecord<>("many", 0, NOON, null, value));
            }
        }
        Table table = new Table(
                TableName.parse("raw.many"),
                "",
                new LandingDefinition(
                        new Source.Kafka(List.of("many"), "earliest", "bytes", Optional.empty(), Optional.empty())),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "hash");

        assertThat(filesOf(table, "usual_", Optional.empty())).isEqualTo(1);
        // A block for every five records, and a file for every second of them.
        LandingLimits small = new LandingLimits(4, 1 << 20, 5000, 1 << 20, 6000, 20);
        assertThat(filesOf(table, "small_", Optional.of(small))).isBetween(10, 20);
    }

    private static int filesOf(Table table, String prefix, Optional<LandingLimits> bounds) throws Exception {
        Lake lake = lake(prefix, bounds, table);
        assertThat(land(lake, table).balance()).isEqualTo(Balance.landed(100, 100, 0));
        return lake.ledger(table.name()).read().partitions().get(0).partition().files();
    }

    private static TableRun land(Lake lake, Table table) throws Exception {
        Source.Kafka source = (Source.Kafka) ((LandingDefinition) table.definition()).source();
        try (Publisher publisher = lake.publisher()) {
            return new KafkaLanding(lake, publisher, local::spark).run(table, source, false);
        }
    }

    private static Table table(Optional<String> partitionBy) {
        return table(new Source.Kafka(List.of("orders"), "earliest", "avro", Optional.empty(), partitionBy));
    }

    private static Table table(Source.Kafka source) {
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "hash");
    }

    private static Lake lake(String prefix, Table... tables) throws Exception {
        return lake(prefix, Optional.empty(), tables);
    }

    private static Lake lake(String prefix, Optional<LandingLimits> bounds, Table... tables) throws Exception {
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, tables);
        Target target = lake.target();
        return new Lake(
                lake.manifest(),
                new Target(
                        target.name(),
                        prefix,
                        target.hdfs(),
                        target.root(),
                        target.metastore(),
                        local.kafka().properties(),
                        registry.properties(),
                        target.trino(),
                        target.trinoUser(),
                        Map.of(),
                        bounds),
                lake.hadoop(),
                lake.files(),
                lake.clock(),
                lake.runId(),
                Step.Listener.NONE);
    }

    private static byte[] framed(int id, GenericRecord value) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(value.getSchema()).write(value, encoder);
        encoder.flush();
        return WireFormat.frame(id, out.toByteArray());
    }

    private static Schema schema(String name, String fields) {
        String json = "{'type': 'record', 'namespace': 'shop', 'name': '" + name + "', 'fields': [" + fields + "]}";
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }
}
