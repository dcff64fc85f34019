package dev.igarape.jobs.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.schema.ReaderSchema;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.schema.ScratchTable.Written;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of several writers, read back by Spark's and Hive's own readers; the metastore is a real one. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class ScratchTableTest {
    private static final Table TABLE = table(Optional.empty());
    private static final Schema OLD = schema("{'name': 'id', 'type': 'int'}");
    private static final Schema RICH =
            schema("{'name': 'id', 'type': 'long'}, {'name': 'note', 'type': ['null', 'string'], 'default': null},"
                    + "{'name': 'lines', 'type': {'type': 'array', 'items': ['null', {'type': 'record', 'name': 'line',"
                    + " 'fields': [{'name': 'price', 'type': {'type': 'bytes', 'logicalType': 'decimal',"
                    + " 'precision': 9, 'scale': 2}}]}]}, 'default': []},"
                    + "{'name': 'tags', 'type': {'type': 'map', 'values': 'boolean'}, 'default': {}},"
                    + "{'name': 'day', 'type': {'type': 'int', 'logicalType': 'date'}, 'default': 0},"
                    + "{'name': 'state', 'type': {'type': 'enum', 'name': 'state', 'symbols': ['OPEN', 'PAID']},"
                    + " 'default': 'OPEN'}");

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @Test
    void sparkAndHiveReadWhatTheMergedSchemaReads() throws Exception {
        Lake lake = local.lake("", Map.of(), Step.Listener.NONE, TABLE);
        Schema reader = ReaderSchema.envelope(List.of(RICH, OLD)).orElseThrow();
        try (ScratchTable scratch = ScratchTable.like(TABLE, lake)) {
            scratch.write(List.of(samples(OLD), samples(RICH)));
            assertThat(scratch.rows()).isEqualTo(4);
            assertThat(ReadBack.bySpark(local.spark(), scratch.files(), reader)).isEqualTo(4);
            assertThat(ReadBack.byHive(lake.hadoop(), scratch.files(), reader)).isEqualTo(4);
        }
    }

    @Test
    void bothSayWhyTheyCannotRead() throws Exception {
        Lake lake = local.lake("", Map.of(), Step.Listener.NONE, TABLE);
        Schema reader = EnvelopeSchema.around(schema("{'name': 'id', 'type': 'string'}"));
        try (ScratchTable scratch = ScratchTable.like(TABLE, lake)) {
            scratch.write(List.of(samples(OLD)));
            assertThatThrownBy(() -> ReadBack.bySpark(local.spark(), scratch.files(), reader))
                    .hasStackTraceContaining("Found int, expecting string");
            assertThatThrownBy(() -> ReadBack.byHive(lake.hadoop(), scratch.files(), reader))
                    .isInstanceOf(AvroTypeException.class)
                    .hasMessageContaining("Found int, expecting string");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", Source.Kafka.RECORD_NAME})
    void isPublishedAsATableIsAndLeavesNothingBehind(String partitionBy) throws Exception {
        Table table = table(Optional.of(partitionBy).filter(by -> !by.isEmpty()));
        Lake lake = local.lake("", Map.of(), Step.Listener.NONE, table);
        Schema reader = ReaderSchema.envelope(List.of(RICH, OLD)).orElseThrow();
        try (ScratchTable scratch = ScratchTable.like(table, lake)) {
            PartitionVersion past = scratch.write(List.of(samples(OLD)));
            PartitionVersion fresh = scratch.write(List.of(samples(RICH)));
            scratch.publish(past, ReaderSchema.of(EnvelopeSchema.around(OLD)));
            scratch.publish(fresh, ReaderSchema.of(reader));
            String database = scratch.name().substring(0, scratch.name().indexOf('.'));
            assertThat(local.partitions(database, "orders")).hasSize(2);
            assertThat(local.metastore()
                            .getTable(database, "orders")
                            .getParameters()
                            .get("avro.schema.literal"))
                    .isEqualTo(reader.toString());
        }
        assertThat(local.metastore().getAllDatabases()).containsExactly("default");
        try (Stream<Path> files = Files.walk(local.folder().resolve("lake"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void samplesTakeEachBranchOfAUnionInTurn() {
        assertThat(samples(RICH).rows())
                .extracting(row -> ((GenericRecord) row.get("value")).get("note"))
                .containsExactly(null, "a");
    }

    private static Table table(Optional<String> partitionBy) {
        return new Table(
                TableName.parse("raw.orders"),
                "",
                new LandingDefinition(
                        new Source.Kafka(List.of("orders"), "earliest", "avro", Optional.empty(), partitionBy)),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "hash");
    }

    private static Written samples(Schema writer) {
        Schema envelope = EnvelopeSchema.around(writer);
        List<GenericRecord> rows = new ArrayList<>();
        rows.add((GenericData.Record) SampleValues.of(envelope, 0));
        rows.add((GenericData.Record) SampleValues.of(envelope, 1));
        return new Written(envelope, rows);
    }

    private static Schema schema(String fields) {
        String json = "{'type': 'record', 'name': 'order', 'fields': [" + fields + "]}";
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }
}
