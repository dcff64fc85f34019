package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
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
import dev.igarape.model.targets.Target;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Topics whose schema changes, landed and read back by a build and by Hive's reader, over the metastore's columns. */
@ExtendWith(TestServers.class)
@Timeout(600)
abstract class EvolvingTopicTestBase {
    static final LocalDate DAY = LocalDate.parse("2024-01-15");
    static final long NOON = Instant.parse("2024-01-15T12:00:00Z").toEpochMilli();

    static TestingRegistry registry;
    static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake, TestingRegistry schemas) {
        local = lake;
        registry = schemas;
    }

    static String amount(int precision, int scale) {
        return record(
                "t.Sale",
                "{'name': 'amount', 'type': {'type': 'bytes', 'logicalType': 'decimal', 'precision': " + precision
                        + ", 'scale': " + scale + "}}");
    }

    static String record(String name, String fields) {
        return "{'type': 'record', 'name': '%s', 'fields': [%s]}"
                .formatted(name, fields)
                .replace('\'', '"');
    }

    static Table raw(String topic, String start) {
        return raw(topic, start, "avro", Optional.empty());
    }

    static Table raw(String topic, String start, String format, Optional<String> tombstones) {
        return raw(
                "raw." + topic,
                new Source.Kafka(List.of(topic), start, format, Optional.empty(), Optional.empty(), tombstones));
    }

    static Table raw(String topic, String table, String start, String format) {
        return raw(table, new Source.Kafka(List.of(topic), start, format, Optional.empty(), Optional.empty()));
    }

    static Table raw(String table, Source.Kafka source) {
        return new Table(
                TableName.parse(table),
                "",
                new LandingDefinition(source),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "hash");
    }

    /** A lake of its own databases and folders, whose topic of that name exists. */
    static Lake lake(String name, Table... tables) throws Exception {
        if (!local.kafka().admin().listTopics().names().get().contains(name)) {
            local.kafka().createTopic(name, 1, Map.of("retention.ms", "-1"));
        }
        Lake lake = local.lake(name + "_", Map.of(), Step.Listener.NONE, tables);
        Target target = lake.target();
        return new Lake(
                lake.manifest(),
                new Target(
                        target.name(),
                        name + "_",
                        target.hdfs(),
                        target.root(),
                        target.metastore(),
                        local.kafka().properties(),
                        registry.properties(),
                        target.trino(),
                        target.trinoUser(),
                        Map.of(),
                        Optional.empty()),
                lake.hadoop(),
                lake.files(),
                lake.clock(),
                lake.runId(),
                Step.Listener.NONE);
    }

    static Source.Kafka source(Lake lake, String table) {
        return (Source.Kafka)
                ((LandingDefinition) lake.table(TableName.parse("raw." + table)).definition()).source();
    }

    static TableRun land(Lake lake, String table) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new KafkaLanding(lake, publisher, local::spark)
                    .run(lake.table(TableName.parse("raw." + table)), source(lake, table), false);
        }
    }

    /** The rows that a daily table with these columns of the landing has, in the order of the topic. */
    static List<String> build(Lake lake, String raw, String columns) throws Exception {
        List<String> names = new ArrayList<>();
        for (String column : columns.split(", ")) {
            names.add(column + " AS c" + names.size());
        }
        Table daily = new Table(
                TableName.parse("trusted." + raw),
                "",
                new DailyDefinition("SELECT offset AS position, " + String.join(", ", names) + " FROM raw." + raw
                        + " WHERE date = {run_date}"),
                Map.of(),
                List.of(new Input(TableName.parse("raw." + raw), 0)),
                List.of(),
                "forever",
                "hash");
        Lake with = lake(lake.target().prefix().replaceAll("_$", ""), lake.table(TableName.parse("raw." + raw)), daily);
        try (Publisher publisher = with.publisher()) {
            new DailyBuild(with, publisher, local::spark).run(daily, List.of(DAY), BuildOverrides.NOTHING);
        }
        PartitionVersion built =
                with.ledger(daily.name()).read().partitions().get(0).partition();
        return local
                .spark()
                .read()
                .parquet(with.target().folder(daily.name()) + "/" + built.path())
                .orderBy("position")
                .drop("position")
                .collectAsList()
                .stream()
                .map(Row::toString)
                .toList();
    }

    static void send(String topic, int id, String json) throws Exception {
        send(topic, id, json, registry.schema(id));
    }

    static void send(String topic, int id, String json, String schema) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            producer.send(new ProducerRecord<>(topic, 0, NOON, null, framed(id, schema, json)));
        }
    }

    /** A value in Avro's JSON encoding, as its producer would write it. */
    static byte[] framed(int id, String schema, String json) throws Exception {
        Schema parsed = new Schema.Parser().parse(schema);
        Object value = new GenericDatumReader<>(parsed)
                .read(null, DecoderFactory.get().jsonDecoder(parsed, json.replace('\'', '"')));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(parsed).write(value, encoder);
        encoder.flush();
        return WireFormat.frame(id, out.toByteArray());
    }
}
