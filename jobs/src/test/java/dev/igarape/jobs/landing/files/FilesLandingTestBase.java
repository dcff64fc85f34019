package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A folder of files and the table that they are landed into, on a real metastore. */
@ExtendWith(TestServers.class)
@Timeout(600)
abstract class FilesLandingTestBase {
    static final TableName RAW = TableName.parse("raw.prices");
    static final AtomicInteger LAKES = new AtomicInteger();

    static LocalLake local;
    String prefix;
    Path folder;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws Exception {
        prefix = "t" + LAKES.incrementAndGet() + "_";
        folder = Files.createDirectories(local.folder().resolve(prefix + "landing"));
    }

    Path write(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    Source.Files source(String pattern) {
        return new Source.Files("/" + prefix + "landing/{date}/" + pattern, "csv", ",", List.of(), "UTF-8");
    }

    static Table raw(Source source) {
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "forever", "raw hash");
    }

    TableRun land() throws Exception {
        return land(source("*.csv"));
    }

    TableRun land(Source.Files source) throws Exception {
        return land(source, Step.Listener.NONE);
    }

    TableRun land(Source.Files source, Step.Listener steps) throws Exception {
        Table table = raw(source);
        Lake lake = local.lake(prefix, Map.of(), steps, table);
        try (Publisher publisher = lake.publisher()) {
            return new FilesLanding(lake, publisher).run(table, source);
        }
    }

    TableRun land(Source.Files source, Clock clock, List<LocalDate> dates, boolean acceptGap) throws Exception {
        Table table = raw(source);
        Lake lake = local.lake(prefix, Map.of(), Map.of(), Map.of(), clock, Step.Listener.NONE, table);
        try (Publisher publisher = lake.publisher()) {
            return new FilesLanding(lake, publisher).run(table, source, dates, acceptGap);
        }
    }

    /** What readers of the metastore see. */
    List<String> rows(String database, String table) throws Exception {
        List<String> rows = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + database, table)) {
            for (GenericRecord record : records(partition)) {
                rows.add(partition.getValues().get(0) + " " + shown(record));
            }
        }
        return rows;
    }

    static List<GenericRecord> records(Partition partition) throws IOException {
        Path location = Path.of(java.net.URI.create(partition.getSd().getLocation()));
        List<GenericRecord> records = new ArrayList<>();
        try (DataFileReader<GenericRecord> reader = new DataFileReader<>(
                location.resolve("part-0.avro").toFile(), new GenericDatumReader<GenericRecord>())) {
            reader.forEach(records::add);
        }
        return records;
    }

    static String shown(GenericRecord record) {
        if (record.hasField("rule")) {
            java.nio.ByteBuffer value = (java.nio.ByteBuffer) record.get("value");
            return Path.of(record.get("topic").toString()).getFileName() + " " + record.get("offset") + " "
                    + record.get("rule") + " [" + java.nio.charset.StandardCharsets.UTF_8.decode(value) + "]";
        }
        return Path.of(record.get("file").toString()).getFileName() + " " + record.get("line") + " "
                + new java.util.TreeMap<>(strings((Map<?, ?>) record.get("row")));
    }

    static Map<String, String> strings(Map<?, ?> cells) {
        Map<String, String> strings = new java.util.TreeMap<>();
        cells.forEach((k, v) -> strings.put(k.toString(), String.valueOf(v)));
        return strings;
    }
}
