package dev.igarape.jobs.landing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState.Placed;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.jobs.testing.TestingMetastore;
import dev.igarape.jobs.testing.TestingRegistry;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Definition;
import dev.igarape.model.Input;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.hive.ql.io.avro.AvroGenericRecordReader;
import org.apache.hadoop.hive.serde2.SerDeUtils;
import org.apache.hadoop.hive.serde2.avro.AvroGenericRecordWritable;
import org.apache.hadoop.hive.serde2.avro.AvroSerDe;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapred.FileSplit;
import org.apache.hadoop.mapred.JobConf;
import org.apache.hadoop.mapred.Reporter;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Topics whose schema changes, landed and read back by a build and by Hive's reader, over the metastore's columns. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class EvolvingTopicTest {
    private static final LocalDate DAY = LocalDate.parse("2024-01-15");
    private static final long NOON = Instant.parse("2024-01-15T12:00:00Z").toEpochMilli();

    @TempDir
    private static Path folder;

    private static TestingKafka kafka;
    private static TestingRegistry registry;
    private static LocalLake local;
    private static SparkSession spark;

    @BeforeAll
    static void start(TestingKafka broker, TestingRegistry schemas, TestingMetastore metastore, TestingSpark sparks) {
        kafka = broker;
        registry = schemas;
        local = new LocalLake(folder, metastore);
        spark = sparks.newSession();
    }

    /** apache/hudi#6849: ended with `Can't redefine: t.Address`, for good. */
    @Test
    void landsATypeThatTwoFieldsShareAfterOneOfThemWasDropped() throws Exception {
        Lake lake = lake("shared", raw("shared", "earliest"));
        int v1 = registry.add("shared-value", record("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}]}},
                {'name': 'shipping', 'type': 'Address'}"""));
        send("shared", v1, "{'billing': {'street': 'A'}, 'shipping': {'street': 'B'}}");
        land(lake, "shared");
        int v2 = registry.add("shared-value", record("t.Order", """
                {'name': 'billing', 'type': {'type': 'record', 'name': 'Address', 'fields': [
                    {'name': 'street', 'type': 'string'}, {'name': 'zip', 'type': ['null', 'string'], 'default': null}]}}"""));
        send("shared", v2, "{'billing': {'street': 'C', 'zip': {'string': '01'}}}");
        land(lake, "shared");
        send("shared", v1, "{'billing': {'street': 'D'}, 'shipping': {'street': 'E'}}");
        land(lake, "shared");

        assertThat(build(lake, "shared", "value.billing.street, value.billing.zip, value.shipping.street"))
                .containsExactly("[A,null,B]", "[C,01,null]", "[D,null,E]");
        assertThat(hive(lake, "shared"))
                .hasSize(3)
                .anySatisfy(
                        row -> assertThat(row)
                                .contains(
                                        "\"billing\":{\"street\":\"A\",\"zip\":null},\"shipping\":{\"street\":\"B\",\"zip\":null}"));
    }

    @Test
    void landsADecimalOfMoreDigits() throws Exception {
        Lake lake = lake("wider", raw("wider", "earliest"));
        send("wider", registry.add("wider-value", amount(9, 2)), "{'amount': '\\u0005'}");
        land(lake, "wider");
        send("wider", registry.add("wider-value", amount(12, 2)), "{'amount': '\\u0002\\u0054\\u000b\\u00e3\\u00ff'}");
        land(lake, "wider");

        assertThat(build(lake, "wider", "value.amount")).containsExactly("[0.05]", "[99999999.99]");
        assertThat(hive(lake, "wider"))
                .anySatisfy(row -> assertThat(row).contains("\"amount\":0.05"))
                .anySatisfy(row -> assertThat(row).contains("\"amount\":99999999.99"));
        assertThat(local.metastore().getFields("wider_raw", "wider"))
                .extracting(column -> column.getType().toLowerCase(Locale.ROOT))
                .contains("struct<amount:decimal(12,2)>");
    }

    @Test
    void goesOnInATableOfItsOwnWhereTheOldOneCannotHoldTheNewValues() throws Exception {
        Table old = raw("scaled", "earliest");
        Lake lake = lake("scaled", old);
        int v1 = registry.add("scaled-value", amount(9, 2));
        send("scaled", v1, "{'amount': '\\u0001'}");
        land(lake, "scaled");
        int v2 = registry.add("scaled-value", amount(12, 4));
        // That there is such a schema stops nothing, as long as no value has it.
        send("scaled", v1, "{'amount': '\\u0002'}");
        assertThat(land(lake, "scaled").balance()).isEqualTo(Balance.landed(1, 1, 0));
        send("scaled", v2, "{'amount': '\\u0003'}");

        long head = lake.ledger(old.name()).read().head();
        assertThatThrownBy(() -> land(lake, "scaled"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageStartingWith(
                        "Cannot land raw.scaled: Two schemas can't be read as one table: the value.amount"
                                + " is {\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":")
                .hasMessageContaining(
                        "Nothing was committed; readers keep what they have. Go on in a new table, from the"
                                + " first record that is not in this one: declare `raw.scaled_2: {landing: {kafka: {topics:"
                                + " [scaled], start: after raw.scaled}}}` beside it, and run ./lake run raw.scaled_2 --date ");
        assertThat(lake.ledger(old.name()).read().head()).isEqualTo(head);

        Table next = raw("scaled", "raw.scaled_2", "after raw.scaled", "avro");
        Lake both = lake("scaled", old, next);
        assertThat(land(both, "scaled").outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(land(both, "scaled_2").balance()).isEqualTo(Balance.landed(1, 1, 0));
        send("scaled", v2, "{'amount': '\\u0005'}");
        assertThat(land(both, "scaled").outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(land(both, "scaled_2").balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(build(both, "scaled", "value.amount")).containsExactly("[0.01]", "[0.02]");
        assertThat(build(both, "scaled_2", "value.amount")).containsExactly("[0.0003]", "[0.0005]");

        send("scaled", v1, "{'amount': '\\u0006'}");
        assertThatThrownBy(() -> land(both, "scaled_2"))
                .hasMessageContaining("declare `raw.scaled_3: {landing: {kafka: {topics: [scaled], start: after"
                        + " raw.scaled_2}}}` beside it")
                .hasMessageContaining("With `format: bytes` it takes values of any schema.");
        Lake three = lake("scaled", old, next, raw("scaled", "raw.scaled_3", "after raw.scaled_2", "bytes"));
        assertThat(land(three, "scaled_2").outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(land(three, "scaled_3").balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(build(three, "scaled_3", "offset")).containsExactly("[4]");
    }

    /** apache/hudi#8519, AbsaOSS/ABRiS#187. */
    @Test
    void readsTypesThatOtherSubjectsDefineAndKeepsOutOnlyWhatCannotBeRead() throws Exception {
        Lake lake = lake("parts", raw("parts", "earliest"));
        registry.add("address", record("t.Address", "{'name': 'street', 'type': 'string'}"));
        int whole = registry.add("parts-value", record("t.Order", "{'name': 'to', 'type': 't.Address'}"), "address");
        int broken = registry.add("parts-value", record("t.Order", "{'name': 'of', 'type': 't.Country'}"), "country");
        send(
                "parts",
                whole,
                "{'to': {'street': 'A'}}",
                record(
                        "t.Order",
                        "{'name': 'to', 'type': " + record("t.Address", "{'name': 'street', 'type': 'string'}") + "}"));
        assertThat(land(lake, "parts").balance()).isEqualTo(Balance.landed(1, 1, 0));
        send(
                "parts",
                broken,
                "{'of': {'code': 'BR'}}",
                record(
                        "t.Order",
                        "{'name': 'of', 'type': " + record("t.Country", "{'name': 'code', 'type': 'string'}") + "}"));

        assertThat(land(lake, "parts").balance()).isEqualTo(Balance.landed(1, 0, 1));
        Placed kept =
                lake.ledger(TableName.parse("raw.parts")).read().quarantine().get(0);
        assertThat(spark.read()
                        .format("avro")
                        .load(new TableLayout(lake.target(), lake.table(TableName.parse("raw.parts")))
                                        .quarantineFolder()
                                + "/" + kept.partition().path())
                        .select("rule", "reason")
                        .collectAsList())
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.getString(0)).isEqualTo("unusable_schema");
                    assertThat(row.getString(1))
                            .contains("refers to version 1 of `country`, which the registry does not have");
                });
        registry.add("country", record("t.Country", "{'name': 'code', 'type': 'string'}"));
        try (Publisher publisher = lake.publisher()) {
            assertThat(new KafkaReplay(lake, publisher)
                            .run(lake.table(TableName.parse("raw.parts")), source(lake, "parts"))
                            .balance())
                    .isEqualTo(Balance.landed(1, 1, 0));
        }
        assertThat(build(lake, "parts", "value.to.street, value.of.code")).containsExactly("[A,null]", "[null,BR]");
    }

    @Test
    void readsFieldsThatDifferByCase() throws Exception {
        Lake lake = lake("cased", raw("cased", "earliest"));
        String inner =
                "{'name': 'in', 'type': {'type': 'record', 'name': 'In', 'fields': [{'name': 'aB', 'type': 'int'},"
                        + " {'name': 'ab', 'type': 'int'}]}}";
        int v1 = registry.add("cased-value", record("t.Event", "{'name': 'userId', 'type': 'string'}, " + inner));
        send("cased", v1, "{'userId': 'ana', 'in': {'aB': 1, 'ab': 2}}");
        land(lake, "cased");
        int v2 = registry.add("cased-value", record("t.Event", "{'name': 'userid', 'type': 'string'}, " + inner));
        send("cased", v2, "{'userid': 'bia', 'in': {'aB': 3, 'ab': 4}}");
        land(lake, "cased");

        assertThat(build(lake, "cased", "value.userid, value.`in`.ab, value.`in`.ab_2"))
                .containsExactly("[ana,1,2]", "[bia,3,4]");
        assertThat(hive(lake, "cased"))
                .anySatisfy(row -> assertThat(row).contains("\"userid\":\"ana\",\"in\":{\"ab\":1,\"ab_2\":2}"))
                .anySatisfy(row -> assertThat(row).contains("\"userid\":\"bia\",\"in\":{\"ab\":3,\"ab_2\":4}"));
        assertThat(local.metastore().getFields("cased_raw", "cased"))
                .extracting(column -> column.getType().toLowerCase(Locale.ROOT))
                .contains("struct<userid:string,in:struct<ab:int,ab_2:int>>");
    }

    /** HIVE-13748: the fields were committed and then unreadable. */
    @Test
    void refusesABuildWhoseFieldsNoReaderCanName() throws Exception {
        Lake lake = lake("hyphen", raw("hyphen", "earliest"));
        send("hyphen", registry.add("hyphen-value", amount(9, 2)), "{'amount': '\\u0001'}");
        land(lake, "hyphen");

        assertThatThrownBy(() -> build(lake, "hyphen", "named_struct('user-id',1)"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("field c0.user-id needs a name of letters, digits and underscores");
        assertThat(lake.ledger(TableName.parse("trusted.hyphen")).read().head()).isZero();
    }

    @Test
    void refusesARecursiveTypeBeforeTheCommit() throws Exception {
        Lake lake = lake("tree", raw("tree", "earliest"));
        int tree = registry.add("tree-value", record("t.Tree", "{'name': 'next', 'type': ['null', 't.Tree']}"));
        send("tree", tree, "{'next': null}");

        assertThatThrownBy(() -> land(lake, "tree"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Hive can't read the schema of the values")
                .hasMessageContaining("start: after raw.tree, format: bytes");
        assertThat(lake.ledger(TableName.parse("raw.tree")).read().head()).isZero();
    }

    @Test
    void dropsTombstonesWhereTheyAreNoFault() throws Exception {
        for (String format : List.of("avro", "json", "bytes")) {
            String topic = "cdc_" + format;
            Lake quarantines = lake(topic, raw(topic, "earliest", format, Optional.empty()));
            try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
                byte[] value = format.equals("avro")
                        ? framed(
                                registry.add(topic + "-value", record("t.Row", "{'name': 'id', 'type': 'int'}")),
                                record("t.Row", "{'name': 'id', 'type': 'int'}"),
                                "{'id': 1}")
                        : new byte[] {'1'};
                producer.send(new ProducerRecord<>(topic, 0, NOON, new byte[] {1}, value));
                producer.send(new ProducerRecord<>(topic, 0, (Long) NOON, new byte[] {1}, (byte[]) null));
            }
            assertThat(land(quarantines, topic).balance()).isEqualTo(Balance.landed(2, 1, 1));
            Lake drops = lake(topic, raw(topic, "earliest", format, Optional.of(Source.Kafka.DROP)));
            try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
                producer.send(new ProducerRecord<>(topic, 0, (Long) NOON, new byte[] {1}, (byte[]) null));
            }
            assertThat(land(drops, topic).balance()).isEqualTo(Balance.landed(1, 0, 0, 1));
            try (Publisher publisher = drops.publisher()) {
                assertThat(new KafkaReplay(drops, publisher)
                                .run(drops.table(TableName.parse("raw." + topic)), source(drops, topic))
                                .balance())
                        .isEqualTo(Balance.landed(1, 0, 0, 1));
            }
            assertThat(drops.ledger(TableName.parse("raw." + topic)).read().quarantine())
                    .allSatisfy(placed -> assertThat(placed.partition().rows()).isZero());
        }
    }

    private static String amount(int precision, int scale) {
        return record(
                "t.Sale",
                "{'name': 'amount', 'type': {'type': 'bytes', 'logicalType': 'decimal', 'precision': " + precision
                        + ", 'scale': " + scale + "}}");
    }

    private static String record(String name, String fields) {
        return "{'type': 'record', 'name': '%s', 'fields': [%s]}"
                .formatted(name, fields)
                .replace('\'', '"');
    }

    private static Table raw(String topic, String start) {
        return raw(topic, start, "avro", Optional.empty());
    }

    private static Table raw(String topic, String start, String format, Optional<String> tombstones) {
        return raw(
                "raw." + topic,
                new Source.Kafka(List.of(topic), start, format, Optional.empty(), Optional.empty(), tombstones));
    }

    private static Table raw(String topic, String table, String start, String format) {
        return raw(table, new Source.Kafka(List.of(topic), start, format, Optional.empty(), Optional.empty()));
    }

    private static Table raw(String table, Source.Kafka source) {
        return new Table(
                TableName.parse(table),
                "",
                new Definition.Landing(source),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "hash");
    }

    /** A lake of its own databases and folders, whose topic of that name exists. */
    private static Lake lake(String name, Table... tables) throws Exception {
        if (!kafka.admin().listTopics().names().get().contains(name)) {
            kafka.createTopic(name, 1, Map.of("retention.ms", "-1"));
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
                        kafka.properties(),
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

    private static Source.Kafka source(Lake lake, String table) {
        return (Source.Kafka) ((Definition.Landing)
                        lake.table(TableName.parse("raw." + table)).definition())
                .source();
    }

    private static TableRun land(Lake lake, String table) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new KafkaLanding(lake, publisher, () -> spark)
                    .run(lake.table(TableName.parse("raw." + table)), source(lake, table), false);
        }
    }

    /** The rows that a daily table with these columns of the landing has, in the order of the topic. */
    private static List<String> build(Lake lake, String raw, String columns) throws Exception {
        List<String> names = new ArrayList<>();
        for (String column : columns.split(", ")) {
            names.add(column + " AS c" + names.size());
        }
        Table daily = new Table(
                TableName.parse("trusted." + raw),
                "",
                new Definition.Daily("SELECT offset AS position, " + String.join(", ", names) + " FROM raw." + raw
                        + " WHERE date = {run_date}"),
                Map.of(),
                List.of(new Input(TableName.parse("raw." + raw), 0)),
                List.of(),
                "forever",
                "hash");
        Lake with = lake(lake.target().prefix().replaceAll("_$", ""), lake.table(TableName.parse("raw." + raw)), daily);
        try (Publisher publisher = with.publisher()) {
            new DailyBuild(with, publisher, () -> spark).run(daily, List.of(DAY), BuildOverrides.NOTHING);
        }
        PartitionVersion built =
                with.ledger(daily.name()).read().partitions().get(0).partition();
        return spark
                .read()
                .parquet(with.target().folder(daily.name()) + "/" + built.path())
                .orderBy("position")
                .drop("position")
                .collectAsList()
                .stream()
                .map(Row::toString)
                .toList();
    }

    /** The rows as Hive's reader gives them, as JSON. */
    private static List<String> hive(Lake lake, String raw) throws Exception {
        TableName table = TableName.parse("raw." + raw);
        String schema = lake.ledger(table).read().avroSchema().orElseThrow();
        JobConf job = new JobConf(lake.hadoop());
        job.set("avro.serde.schema", schema);
        Properties properties = new Properties();
        properties.setProperty("avro.schema.literal", schema);
        AvroSerDe serde = new AvroSerDe();
        serde.initialize(job, properties);
        List<String> rows = new ArrayList<>();
        for (Placed placed : lake.ledger(table).read().partitions()) {
            for (FileStatus file : lake.files()
                    .listStatus(new org.apache.hadoop.fs.Path(
                            lake.target().folder(table), placed.partition().path()))) {
                AvroGenericRecordReader records = new AvroGenericRecordReader(
                        job, new FileSplit(file.getPath(), 0, file.getLen(), (String[]) null), Reporter.NULL);
                AvroGenericRecordWritable row = records.createValue();
                while (records.next(NullWritable.get(), row)) {
                    rows.add(SerDeUtils.getJSONString(serde.deserialize(row), serde.getObjectInspector()));
                }
                records.close();
            }
        }
        return rows;
    }

    private static void send(String topic, int id, String json) throws Exception {
        send(topic, id, json, registry.schema(id));
    }

    private static void send(String topic, int id, String json, String schema) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            producer.send(new ProducerRecord<>(topic, 0, NOON, null, framed(id, schema, json)));
        }
    }

    /** A value in Avro's JSON encoding, as its producer would write it. */
    private static byte[] framed(int id, String schema, String json) throws Exception {
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
