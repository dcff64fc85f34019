package dev.igarape.jobs.replay;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.kafka.KafkaLanding;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingRegistry;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.wire.serde.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A topic with a landing and a quarantine: real broker and metastore, files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
abstract class LandedTopicTestBase {
    static final TableName RAW = TableName.parse("raw.orders");
    static final int KNOWN = 7;
    static final int LATER = 9;
    static final Schema V1 = schema("{\"name\": \"id\", \"type\": \"long\"}");

    static final Schema V2 = schema(
            "{\"name\": \"id\", \"type\": \"long\"}, {\"name\": \"note\", \"type\": [\"null\", \"string\"], \"default\": null}");

    static final long NOON = Instant.parse("2024-01-01T12:00:00Z").toEpochMilli();
    static final AtomicInteger LAKES = new AtomicInteger();

    static LocalLake local;
    TestingRegistry registry;
    String topic;
    String prefix;
    Optional<String> partitionBy = Optional.empty();

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open(TestingRegistry schemas) {
        int number = LAKES.incrementAndGet();
        prefix = "r" + number + "_";
        topic = "orders" + number;
        local.kafka().createTopic(topic, 1, Map.of("retention.ms", "-1"));
        registry = schemas;
        registry.register(KNOWN, V1.toString());
    }

    /** Not caught anywhere: stands for a process that dies. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    interface Work<T> {
        T run() throws Exception;
    }

    static <T> T unchecked(Work<T> work) {
        try {
            return work.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void send(byte[]... values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(topic, 0, NOON, null, value)).get();
            }
        }
    }

    static byte[] order(int schemaId, long id) {
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

    static Schema schema(String fields) {
        return new Schema.Parser().parse("{\"type\": \"record\", \"name\": \"order\", \"fields\": [" + fields + "]}");
    }

    TableRun land(Lake lake) throws Exception {
        Source.Kafka source = source();
        try (Publisher publisher = lake.publisher()) {
            return new KafkaLanding(lake, publisher, () -> {
                        throw new AssertionError("asked for Spark");
                    })
                    .run(lake.table(RAW), source, false);
        }
    }

    TableRun replay() throws Exception {
        return replay(lake(Step.Listener.NONE));
    }

    static TableRun replay(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Replay(lake, publisher, () -> {
                        throw new AssertionError("asked for Spark");
                    })
                    .run(lake.table(RAW))
                    .get(0);
        }
    }

    static long rows(List<LedgerState.CurrentPartition> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().rows())
                .sum();
    }

    /** A column, or a field of the value, of all rows that readers of the metastore see. */
    List<String> shown(String database, String table, String column) throws Exception {
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

    Lake lake(Step.Listener steps) throws IOException {
        return lake(Clock.systemUTC(), steps);
    }

    Lake lake(Clock clock, Step.Listener steps) throws IOException {
        Table table =
                new Table(RAW, "", new LandingDefinition(source()), Map.of(), List.of(), List.of(), "forever", "hash");
        return local.lake(prefix, local.kafka().properties(), registry.properties(), Map.of(), clock, steps, table);
    }

    Source.Kafka source() {
        return new Source.Kafka(List.of(topic), "earliest", "avro", Optional.empty(), partitionBy);
    }
}
