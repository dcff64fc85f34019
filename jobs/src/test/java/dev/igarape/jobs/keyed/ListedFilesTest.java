package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.TableName;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files are left out by what the log says of them, and those of which it says nothing are read. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class ListedFilesTest {
    private static final int FILES = 4;
    private static final List<String> KEYS = List.of("id", "text", "day", "long_text", "price", "at");

    @TempDir
    private Path folder;

    private SparkSession session;
    private KeyedTable table;

    @BeforeEach
    void open(TestingSpark spark) throws Exception {
        session = spark.newSession();
        session.conf().set("spark.sql.shuffle.partitions", FILES);
        session.conf().set("spark.sql.adaptive.enabled", "false");
        session.conf().set("spark.igarape.small", "0");
        table = table("id");
    }

    private KeyedTable table(String key) throws Exception {
        CurrentDefinition definition =
                new CurrentDefinition("SELECT 1", List.of(key), List.of("sequence"), Optional.empty(), false);
        return new KeyedTable(
                session,
                FileSystem.get(URI.create("file:///"), new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve("rows").toUri()),
                false,
                new CurrentFold(definition),
                new KnownFiles());
    }

    private void create() throws Exception {
        Dataset<Row> rows = session.range(0, 400)
                .selectExpr(
                        "id",
                        "lpad(id, 5, '0') AS text",
                        "date_add(DATE'1899-12-01', INT(id)) AS day",
                        "concat(repeat('\u00e9', 40), lpad(id, 5, '0')) AS long_text",
                        "CAST(id / 4 AS DECIMAL(9, 2)) AS price",
                        "timestamp_seconds(id) AS at",
                        "1 AS sequence");
        table.create(
                rows, Commit.of(TableName.parse("trusted.customers"), "first").build(), 1);
    }

    private Dataset<Row> event(int id) {
        Dataset<Row> rows = table.rows().filter("id = " + id).drop(Fold.BEFORE);
        return session.createDataFrame(rows.collectAsList(), rows.schema());
    }

    private long found(Dataset<Row> events, String key) {
        return Latest.ofKeys(table.rows(), events, List.of(key)).count();
    }

    @Test
    void findsKeysOfEachType() throws Exception {
        create();
        for (int id : List.of(0, 7, 399)) {
            Dataset<Row> event = event(id);
            for (String key : KEYS) {
                assertThat(found(event, key)).as("%s of %d", key, id).isEqualTo(1);
            }
        }
    }

    @Test
    void leavesOutFilesThatDoNotHoldTheKeys() throws Exception {
        create();
        Dataset<Row> event = keepFileOf(150);
        for (String key : List.of("id", "text", "day")) {
            assertThat(found(event, key)).as(key).isEqualTo(1);
        }
        assertThatThrownBy(() -> found(event, "at")).hasStackTraceContaining("FileNotFoundException");
    }

    @Test
    void hasDeltaLeaveOutFilesByFractions() throws Exception {
        table = table("price");
        create();
        assertThat(found(keepFileOf(150), "price")).isEqualTo(1);
    }

    /** Deletes the other files, and gives an event of the row. */
    private Dataset<Row> keepFileOf(int id) throws Exception {
        Dataset<Row> event = event(id);
        String held = Path.of(URI.create(table.rows()
                        .filter("id = " + id)
                        .selectExpr("input_file_name()")
                        .first()
                        .getString(0)))
                .getFileName()
                .toString();
        List<Path> others;
        try (Stream<Path> all = Files.list(folder.resolve("rows"))) {
            others = all.filter(file -> file.toString().endsWith(".parquet") && !file.endsWith(held))
                    .toList();
        }
        assertThat(others).hasSize(FILES - 1);
        for (Path file : others) {
            Files.delete(file);
        }
        return event;
    }

    @Test
    void readsFilesWithoutStatistics() throws Exception {
        session.conf().set("spark.databricks.delta.stats.collect", "false");
        create();
        Dataset<Row> event = event(7);
        for (String key : KEYS) {
            assertThat(found(event, key)).as(key).isEqualTo(1);
        }
    }
}
