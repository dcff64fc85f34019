package dev.igarape.jobs.keyed;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.sql.SparkSqlParser;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestingRegistry;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A topic as Debezium's connector for PostgreSQL writes it with an Avro converter, and the project that reads it. */
final class ConnectorTopic {
    private static final String TOPIC = "shop.public.orders";
    private static final TableName RAW = TableName.parse("raw.shop_orders");
    private static final TableName ORDERS = TableName.parse("trusted.orders");
    private static final String PROJECT = """
            pipeline: shop
            owner: tests
            schedule: "@daily"
            start_date: 2024-01-01
            timezone: UTC
            tables:
              raw.shop_orders:
                landing: {kafka: {topics: [shop.public.orders], tombstones: drop}}
              trusted.orders:
                current: {from: raw.shop_orders, cdc: debezium, keys: [id]}
                columns: {id: bigint, amount: "decimal(10,2)", at: timestamp_ntz, told: timestamp, born: date,
                  note: string, country: string}
            """;
    private static final String SCHEMA = """
            {'type': 'record', 'name': 'Envelope', 'namespace': 'shop.public.orders', 'fields': [
              {'name': 'before', 'default': null, 'type': ['null', {'type': 'record', 'name': 'Value', 'fields': [
                {'name': 'id', 'type': 'long'},
                {'name': 'amount', 'default': null, 'type': ['null',
                  {'type': 'bytes', 'logicalType': 'decimal', 'precision': 10, 'scale': 2}]},
                {'name': 'at', 'default': null, 'type': ['null',
                  {'type': 'long', 'connect.name': 'io.debezium.time.MicroTimestamp'}]},
                {'name': 'told', 'default': null, 'type': ['null',
                  {'type': 'string', 'connect.name': 'io.debezium.time.ZonedTimestamp'}]},
                {'name': 'born', 'default': null, 'type': ['null',
                  {'type': 'int', 'connect.name': 'io.debezium.time.Date'}]},
                {'name': 'note', 'default': null, 'type': ['null', 'string']}%s]}]},
              {'name': 'after', 'default': null, 'type': ['null', 'Value']},
              {'name': 'source', 'type': {'type': 'record', 'name': 'Source', 'fields': [
                {'name': 'name', 'type': 'string'},
                {'name': 'ts_ms', 'type': 'long'},
                {'name': 'snapshot', 'default': null, 'type': ['null', 'string']},
                {'name': 'sequence', 'default': null, 'type': ['null', 'string']},
                {'name': 'lsn', 'default': null, 'type': ['null', 'long']}]}},
              {'name': 'op', 'type': 'string'},
              {'name': 'ts_ms', 'default': null, 'type': ['null', 'long']}]}
            """;
    private static final String COUNTRY = ", {'name': 'country', 'default': null, 'type': ['null', 'string']}";

    private final LocalLake local;
    private final TestingRegistry registry;
    private final Table[] tables;
    private final int[] ids = new int[2];

    ConnectorTopic(LocalLake local, TestingRegistry registry) throws IOException {
        this.local = local;
        this.registry = registry;
        Path project = local.folder().resolve("captured");
        Path pipeline = Files.createDirectories(project.resolve("pipelines/shop"));
        Files.writeString(pipeline.resolve("pipeline.yaml"), PROJECT);
        this.tables = new ProjectCompiler(new SparkSqlParser())
                .compile(project)
                .orThrow()
                .pipelines()
                .get(0)
                .tables()
                .toArray(new Table[0]);
        local.kafka().createTopic(TOPIC, 1, Map.of());
        ids[0] = registry.add(TOPIC + "-value", SCHEMA.formatted("").replace('\'', '"'));
        ids[1] = registry.add(TOPIC + "-value", SCHEMA.formatted(COUNTRY).replace('\'', '"'));
    }

    /** Registers a schema of the topic's keys with one column. */
    void key(String column) {
        registry.add(
                TOPIC + "-key",
                "{\"type\": \"record\", \"name\": \"Key\", \"fields\": [{\"name\": \"" + column
                        + "\", \"type\": \"long\"}]}");
    }

    /** @param version of the schema, of which the second one has a country */
    void send(int version, String op, long id, String amount, String note, String snapshot, String sequence, long lsn)
            throws IOException {
        Schema schema = new Schema.Parser().parse(registry.schema(ids[version - 1]));
        GenericRecord row = new GenericData.Record(
                schema.getField("before").schema().getTypes().get(1));
        row.put("id", id);
        if (!op.equals("d")) {
            row.put(
                    "amount",
                    ByteBuffer.wrap(new BigDecimal(amount).unscaledValue().toByteArray()));
            row.put("at", Instant.parse("2024-01-15T12:00:00Z").getEpochSecond() * 1_000_000 + 500_000);
            row.put("told", "2024-01-15T12:00:00.123456Z");
            row.put("born", (int) LocalDate.parse("2024-01-15").toEpochDay());
            row.put("note", note);
            if (version == 2) {
                row.put("country", "BR");
            }
        }
        GenericRecord source = new GenericData.Record(schema.getField("source").schema());
        source.put("name", "shop");
        source.put("ts_ms", 1_705_320_000_000L);
        source.put("snapshot", snapshot.replace("\"", ""));
        source.put("sequence", sequence);
        source.put("lsn", lsn);
        GenericRecord envelope = new GenericData.Record(schema);
        envelope.put(op.equals("d") ? "before" : "after", row);
        envelope.put("source", source);
        envelope.put("op", op);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(envelope, encoder);
        encoder.flush();
        produce(WireFormat.frame(ids[version - 1], out.toByteArray()));
    }

    void tombstone() {
        produce(null);
    }

    private void produce(byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(java.util.Optional.empty())) {
            producer.send(new ProducerRecord<>(TOPIC, 0, new byte[] {1}, value));
        }
    }

    private Lake open(Map<String, String> variables) throws IOException {
        return local.lake(
                "captured_",
                local.kafka().properties(),
                registry.properties(),
                variables,
                Clock.systemUTC(),
                Step.Listener.NONE,
                tables);
    }

    void landAndBuild() throws Exception {
        Lake lake = open(Map.of());
        Table raw = lake.table(RAW);
        new KafkaLanding(lake, Publishing.NONE, local::spark)
                .run(raw, raw.definition().kafka().orElseThrow(), false);
        List<LocalDate> due = new Planner(lake)
                .plan(Set.of(ORDERS)).stream()
                        .filter(PlannedDate::isDue)
                        .map(PlannedDate::date)
                        .toList();
        new KeyedBuild(lake, Publishing.NONE, local::spark, lake.table(ORDERS), new KnownFiles())
                .run(due, BuildOverrides.NOTHING);
    }

    List<String> rows() throws IOException {
        Lake lake = open(Map.of());
        LedgerState state = lake.ledger(ORDERS).read();
        return local
                .spark()
                .read()
                .format("delta")
                .load(lake.target().folder(ORDERS) + "/"
                        + state.delta().orElseThrow().folder())
                .selectExpr("concat_ws(' ', id, amount, at, told, born, note, coalesce(country, '-'))")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** Records that the landing or the table has in quarantine. */
    long quarantined() throws IOException {
        long rows = 0;
        for (TableName name : List.of(RAW, ORDERS)) {
            rows += open(Map.of()).ledger(name).read().quarantine().stream()
                    .mapToLong(placed -> placed.partition().rows())
                    .sum();
        }
        return rows;
    }

    Reconciliation reconciliation(String database) throws IOException {
        return new Reconciliation(open(Map.of("DB", database)), local.spark(), ORDERS);
    }
}
