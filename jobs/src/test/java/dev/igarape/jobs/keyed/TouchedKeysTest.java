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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A step reads the files of a table that may hold keys that it touches, and no others: these are deleted here. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class TouchedKeysTest {
    private static final List<String> KEYS = List.of("id");
    private static final int FILES = 8;
    private static final KnownFiles FILES_OF_PROCESS = new KnownFiles();
    /** A folder that readers of URLs have to take as it is. */
    private static final String COPY = "a %20b";

    private static final CurrentDefinition DEFINITION =
            new CurrentDefinition("SELECT 1", KEYS, List.of("sequence"), Optional.empty(), false);

    /** A table that no test changes: each has a copy of it. */
    @TempDir
    private static Path original;

    @TempDir
    private Path folder;

    private SparkSession session;
    private KeyedTable table;
    private Latest latest;

    @BeforeAll
    static void create(TestingSpark spark) throws Exception {
        SparkSession session = session(spark);
        KeyedTable table = table(session, original, DEFINITION);
        // Text that can't be compressed, so that the table is not small.
        Dataset<Row> rows =
                session.range(0, 100_000).selectExpr("id", "sha2(string(id), 256) AS text", "1 AS sequence");
        table.create(rows, entry("first"), 1);
        assertThat(TouchedKeys.isSmall(table.rows())).isFalse();
    }

    private static SparkSession session(TestingSpark spark) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.shuffle.partitions", String.valueOf(FILES));
        session.conf().set("spark.sql.adaptive.enabled", "false");
        return session;
    }

    private static KeyedTable table(SparkSession session, Path folder, CurrentDefinition definition) throws Exception {
        return new KeyedTable(
                session,
                FileSystem.get(URI.create("file:///"), new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve("rows").toUri()),
                false,
                new CurrentFold(definition),
                FILES_OF_PROCESS);
    }

    @BeforeEach
    void copy(TestingSpark spark) throws Exception {
        session = session(spark);
        latest = new Latest(DEFINITION, KEYS);
        copy();
        table = table(session, folder.resolve(COPY), DEFINITION);
    }

    private void copy() throws Exception {
        List<Path> files;
        try (Stream<Path> all = Files.walk(original)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path copy = folder.resolve(COPY).resolve(original.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }

    private static Commit entry(String id) {
        return Commit.of(TableName.parse("trusted.customers"), id).build();
    }

    private Dataset<Row> keys(String condition) {
        return known(session.range(0, 100_000)
                .where(condition)
                .selectExpr("id", "'changed' AS text", "2 AS sequence", "'update' AS " + Fold.CHANGE));
    }

    /** The same rows, of which Spark does not know any more by which condition they were chosen. */
    private Dataset<Row> known(Dataset<Row> rows) {
        return session.createDataFrame(rows.collectAsList(), rows.schema());
    }

    private Dataset<Row> placed(Dataset<Row> changes) {
        return placed(table, changes, KEYS);
    }

    /** Changes that say where their rows are. */
    private static Dataset<Row> placed(KeyedTable table, Dataset<Row> changes, List<String> keys) {
        Dataset<Row> rows = Latest.ofKeys(table.rows(), changes, keys);
        Column[] columns = Stream.concat(keys.stream(), Stream.of(Fold.BEFORE))
                .map(Latest::column)
                .toArray(Column[]::new);
        return changes.join(rows.select(columns), Latest.names(keys), "left");
    }

    /** Deletes files that hold none of these keys, and says how many are left. */
    private int keepFilesOf(Dataset<Row> touched) throws Exception {
        Set<String> held = new HashSet<>();
        table.rows()
                .selectExpr("*", "input_file_name() AS file")
                .join(touched.select("id"), Latest.names(KEYS), "left_semi")
                .select("file")
                .distinct()
                .collectAsList()
                .forEach(row -> held.add(
                        Path.of(URI.create(row.getString(0))).getFileName().toString()));
        List<Path> all;
        try (Stream<Path> files = Files.list(folder.resolve(COPY + "/rows"))) {
            all = files.toList();
        }
        for (Path file : all) {
            String name = file.getFileName().toString();
            if (name.endsWith(".parquet") && !held.contains(name)) {
                Files.delete(file);
            }
        }
        session.catalog().clearCache();
        return held.size();
    }

    @Test
    void fewKeysAreLookedForInTheirFiles() throws Exception {
        Dataset<Row> touched = keys("id IN (7, 20000, 20001)");
        assertThat(keepFilesOf(touched)).isBetween(1, 3);
        assertThatThrownBy(() -> table.rows().selectExpr("max(text)").collectAsList())
                .hasStackTraceContaining("FileNotFoundException");
        assertThat(latest.touched(table.rows(), touched).select("id").collectAsList())
                .extracting(row -> row.getLong(0))
                .containsExactlyInAnyOrder(7L, 20_000L, 20_001L);

        assertThat(table.apply(placed(touched), entry("second"), 2)).contains(1L);
        assertThat(latest.touched(table.rows(), touched)
                        .where("text = 'changed'")
                        .count())
                .isEqualTo(3);
    }

    @Test
    void manyKeysAreARange() throws Exception {
        Dataset<Row> touched = keys("id >= 30000 AND id < 32000");
        assertThat(keepFilesOf(touched)).isLessThan(FILES / 2);
        assertThat(latest.touched(table.rows(), touched).count()).isEqualTo(2_000);
        assertThat(table.apply(placed(touched), entry("second"), 2)).contains(1L);
    }

    @Test
    void sortingPutsChangedRowsBackIntoTheRangesOfTheirKeys() throws Exception {
        assertThat(table.apply(placed(keys("id % 10000 = 7")), entry("second"), 2))
                .contains(1L);
        assertThat(files("id < 10")).isEqualTo(2);

        assertThat(table.sort(entry("third"), 1, 3, FILES)).contains(2L);
        assertThat(table.rows().count()).isEqualTo(100_000);
        assertThat(table.rows().where("text = 'changed'").count()).isEqualTo(10);
        assertThat(files("id < 10")).isEqualTo(1);
        assertThat(latest.touched(table.rows(), keys("id IN (7, 20000)")).count())
                .isEqualTo(2);
    }

    private int files(String condition) {
        return table.rows()
                .where(condition)
                .selectExpr("input_file_name()")
                .distinct()
                .collectAsList()
                .size();
    }

    /** A step and a sort of the same version have the same number. */
    @Test
    void sortingComesBeforeOrAfterAStepAndNotInBetween() throws Exception {
        assertThat(table.apply(placed(keys("id = 7")), entry("step"), 2)).contains(1L);
        assertThat(table.sort(entry("sort"), 0, 2, FILES)).isEmpty();
        assertThat(table.rows().where("text = 'changed'").count()).isEqualTo(1);

        Dataset<Row> other = placed(keys("id = 8"));
        assertThat(table.sort(entry("again"), 1, 3, FILES)).contains(2L);
        assertThat(table.apply(other, entry("other"), 3)).isEmpty();
        assertThat(table.rows().where("text = 'changed'").count()).isEqualTo(1);
    }

    /** What a change says of the place of its row holds for what was read. */
    @Test
    void changesOfRowsThatWereMovedAreRefused() throws Exception {
        Dataset<Row> changes = placed(keys("id = 7"));
        session.sql("OPTIMIZE delta.`" + folder.resolve(COPY + "/rows") + "`");
        assertThat(table.apply(changes, entry("second"), 2)).isEmpty();
        assertThat(table.rows().where("text = 'changed'").count()).isZero();
        assertThat(table.apply(placed(keys("id = 7")), entry("third"), 2)).contains(2L);
        assertThat(table.rows().where("text = 'changed'").count()).isEqualTo(1);
    }

    /** The commit of another process, done again on the copy, has the number of the lost one, and files of the same size. */
    @Test
    void filesOfAVersionThatIsGoneAreForgotten() throws Exception {
        assertThat(table.apply(placed(keys("id = 7")), entry("second"), 2)).contains(1L);
        FileUtils.deleteDirectory(folder.resolve(COPY).toFile());
        copy();
        DeltaLog.clearCache();
        KeyedTable other = new KeyedTable(
                session,
                FileSystem.get(URI.create("file:///"), new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve(COPY + "/rows").toUri()),
                false,
                new CurrentFold(DEFINITION),
                new KnownFiles());
        assertThat(other.apply(placed(other, keys("id = 7"), KEYS), entry("second"), 2))
                .contains(1L);

        assertThat(table.rows().where("text = 'changed'").count()).isEqualTo(1);
        assertThat(table.apply(placed(keys("id IN (7, 8)")), entry("third"), 3)).contains(2L);
        assertThat(table.rows().where("text = 'changed'").count()).isEqualTo(2);
        assertThat(table.rows().count()).isEqualTo(100_000);
    }

    /** Such as another program may write. */
    @Test
    void rowsOfFilesWithoutStatisticsChangeToo() throws Exception {
        session.conf().set("spark.databricks.delta.stats.collect", "false");
        KeyedTable bare = table(session, folder.resolve("bare"), DEFINITION);
        Dataset<Row> rows = session.range(0, 3).selectExpr("id", "'first' AS text", "1 AS sequence");
        bare.create(rows, entry("bare"), 1);
        assertThat(bare.apply(placed(bare, keys("id = 1"), KEYS), entry("newer"), 2))
                .contains(1L);
        assertThat(bare.rows().where("text = 'changed'").count()).isEqualTo(1);
        assertThat(bare.rows().count()).isEqualTo(3);
    }

    @Test
    void noKeysTouchNoRow() {
        assertThat(latest.touched(table.rows(), keys("id < 0")).count()).isZero();
    }

    /** Clocks of Berlin were 53 minutes and 28 seconds ahead then, of which Delta Lake's statistics know the minutes. */
    @Test
    void timesBeforeStandardTimeAreFound() throws Exception {
        session.conf().set("spark.sql.session.timeZone", "Europe/Berlin");
        CurrentDefinition definition =
                new CurrentDefinition("SELECT 1", List.of("at"), List.of("sequence"), Optional.empty(), false);
        KeyedTable old = table(session, folder.resolve("b"), definition);
        Dataset<Row> rows =
                known(session.sql("SELECT TIMESTAMP'1800-01-01 00:00:00' AS at, 'first' AS text, 1 AS sequence"));
        old.create(rows, entry("old"), 1);
        assertThat(new Latest(definition, List.of("at"))
                        .touched(old.rows(), rows)
                        .count())
                .isEqualTo(1);
        Dataset<Row> changes =
                known(rows.selectExpr("at", "'changed' AS text", "2 AS sequence", "'update' AS " + Fold.CHANGE));
        assertThat(old.apply(placed(old, changes, List.of("at")), entry("newer"), 2))
                .contains(1L);
        assertThat(old.rows().where("text = 'changed'").count()).isEqualTo(1);
    }

    /** Keys of all types find their rows, also text whose order differs between engines. */
    @Test
    void rangesHoldTheirKeys() {
        Dataset<Row> rows = session.sql("SELECT * FROM VALUES"
                + " (X'00ff', true, DATE'2024-01-01', TIMESTAMP'2024-01-01 00:00:00.000001', 1.50BD, '\uffee', 1),"
                + " (X'ff00', false, DATE'2024-01-02', TIMESTAMP'2024-01-01 00:00:00.000002', 0.25BD, '\ud83d\ude00', 2),"
                + " (X'', false, DATE'1900-01-01', TIMESTAMP'1900-01-01 00:00:00', -1.00BD, '', 3)"
                + " AS t(b, f, d, t, n, s, i)");
        for (Dataset<Row> read : List.of(rows, known(rows))) {
            for (String key : rows.columns()) {
                TouchedKeys touched = TouchedKeys.of(read, List.of(key));
                assertThat(rows.filter(touched.contains()).count()).as(key).isEqualTo(3);
            }
            TouchedKeys first = TouchedKeys.of(read.where("i = 1"), List.of(rows.columns()));
            assertThat(rows.filter(first.contains()).select("i").collectAsList())
                    .extracting(row -> row.getInt(0))
                    .containsExactly(1);
        }
    }

    /** Readers of files take it for another text, and the log has that: a table that is not small would lose its row. */
    @Test
    void textThatIsNotUtf8IsFound() throws Exception {
        session.conf().set("spark.igarape.small", "0");
        CurrentDefinition definition =
                new CurrentDefinition("SELECT 1", List.of("text"), List.of("sequence"), Optional.empty(), false);
        KeyedTable texts = table(session, folder.resolve("texts"), definition);
        // The log cuts the greatest text after 32 characters and adds the last of all characters.
        Dataset<Row> rows = session.sql("SELECT CAST(text AS STRING) AS text, 1 AS sequence FROM VALUES (X'e9'),"
                + " (unhex(concat(repeat('61', 32), 'ff'))), (encode('b', 'UTF-8')) AS t(text)");
        texts.create(rows, entry("texts"), 1);
        for (boolean inMemory : List.of(true, false)) {
            Path work = folder.resolve("work-" + inMemory);
            KeptRows kept = new KeptRows(session, new org.apache.hadoop.fs.Path(work.toUri()), inMemory);
            for (String key : List.of("e9", "61".repeat(32) + "ff", "62")) {
                Dataset<Row> event = kept.keptOfEvents(rows.where("lower(hex(text)) = '" + key + "'"), "of-" + key);
                assertThat(KeptRows.areInMemory(event)).isEqualTo(inMemory);
                assertThat(Latest.ofKeys(texts.rows(), event, List.of("text")).count())
                        .as("%s, in memory: %s", key, inMemory)
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void rangesOfRowsInMemoryAreNarrow() throws Exception {
        Dataset<Row> some = known(session.range(0, 320).selectExpr("id * 1000 AS id"));
        assertThat(StartedJobs.of(session, () -> TouchedKeys.of(some, KEYS))).isEmpty();
        Dataset<Row> all = session.range(0, 320_000).toDF();
        // 32 ranges of 10 keys, from the first to the last of each.
        assertThat(all.filter(TouchedKeys.of(some, KEYS).contains()).count()).isEqualTo(32 * 9001);
        assertThat(all.filter(TouchedKeys.of(some.where("id < 5000"), KEYS).contains())
                        .count())
                .isEqualTo(5);
    }
}
