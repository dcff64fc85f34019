package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is found and joined by few keys is what Spark's joins give. */
@ExtendWith(TestServers.class)
final class FewKeysTest {
    private static final List<String> KEYS = List.of("id", "part");

    @TempDir
    private Path folder;

    private SparkSession session;
    private KeptRows kept;

    @BeforeEach
    void open(TestingSpark spark) {
        session = spark.newSession();
        kept = new KeptRows(session, new org.apache.hadoop.fs.Path(folder.toUri()), true);
    }

    private Dataset<Row> inMemory(String sql) {
        return kept.keptOfEvents(session.sql(sql), "events");
    }

    private FewKeys few(Dataset<Row> events, List<String> keys) {
        return FewKeys.of(events, keys).orElseThrow();
    }

    @Test
    void findsRowsByKeysOfEachType() {
        Dataset<Row> rows = inMemory("SELECT TINYINT(id) AS b, SMALLINT(id) AS s, INT(id) AS i, id AS l,"
                + " concat(chr(233), id) AS t, date_add(DATE'1899-12-30', INT(id)) AS d FROM range(100)");
        Dataset<Row> events = kept.keptOfEvents(rows.filter("l IN (7, 50, 51)"), "events");
        for (String key : rows.columns()) {
            FewKeys few = few(events, List.of(key));
            assertThat(few.fit(rows.schema())).isTrue();
            assertThat(ids(rows.repartition(2).filter(few.contain()))).as(key).containsExactly(7L, 50L, 51L);
        }
        assertThat(ids(rows.filter(few(events, List.of(rows.columns())).contain())))
                .containsExactly(7L, 50L, 51L);
    }

    private static List<Long> ids(Dataset<Row> rows) {
        return rows.select("l").collectAsList().stream()
                .map(row -> row.getLong(0))
                .sorted()
                .toList();
    }

    /** Each column of a key may be among the events, and the two together not. */
    @Test
    void keysOfSeveralColumnsAreOne() {
        Dataset<Row> rows =
                inMemory("SELECT * FROM VALUES (1, 'a'), (1, 'b'), (2, 'a'), (2, 'b'), (NULL, 'a') AS t(id, part)");
        Dataset<Row> events =
                inMemory("SELECT * FROM VALUES (1, 'a'), (2, 'b'), (NULL, 'a'), (3, NULL) AS t(id, part)");
        assertThat(content(rows.filter(few(events, KEYS).contain()))).containsExactly("1 a", "2 b");
    }

    @Test
    void noKeysFindNothing() {
        Dataset<Row> events = inMemory("SELECT INT(id) AS id, string(id) AS part FROM range(0)");
        assertThat(few(events, KEYS).contain().expr().foldable()).isTrue();
        assertThat(inMemory("SELECT 1 AS id, 'a' AS part")
                        .filter(few(events, KEYS).contain())
                        .isEmpty())
                .isTrue();
    }

    @Test
    void eventsGetTheGreatestOfWhatIsKnown() throws Exception {
        Dataset<Row> events =
                inMemory("SELECT * FROM VALUES ('x', 1, 'a'), ('y', 1, 'b'), ('z', 2, 'a') AS t(name, id, part)");
        Dataset<Row> known = inMemory("SELECT * FROM VALUES"
                + " (1, 'a', struct(1L, 'old'), NULL),"
                + " (1, 'a', struct(2L, 'new'), NULL),"
                + " (1, 'a', NULL, map('k', 1)),"
                + " (1, 'b', NULL, NULL) AS t(id, part, place, more)");
        assertThat(StartedJobs.of(
                        session,
                        () -> assertThat(content(
                                        few(events, KEYS).with(known, "more").orElseThrow()))
                                .containsExactly("x 1 a {\"col1\":2,\"col2\":\"new\"} {\"k\":1}", "y 1 b", "z 2 a")))
                .isEmpty();
    }

    /** A key of which a foreign writer has left two rows in the table: both have to be seen, not the greatest values of the two. */
    @Test
    void leavesSeveralRowsOfAKeyToSpark() {
        Dataset<Row> events = inMemory("SELECT * FROM VALUES ('x', 1, 'a'), ('y', 1, 'b') AS t(name, id, part)");
        Dataset<Row> known = inMemory("SELECT * FROM VALUES"
                + " (1, 'a', struct(1L, 'old'), map('k', 1)),"
                + " (1, 'a', struct(2L, 'new'), map('k', 2)),"
                + " (1, 'b', struct(2L, 'new'), NULL) AS t(id, part, place, more)");
        assertThat(few(events, KEYS).with(known, "place")).isEmpty();
        assertThat(few(events, KEYS).with(known.where("place.col2 = 'new'"), "place"))
                .isPresent();
    }

    /** Each row as text, without nulls. */
    private static List<String> content(Dataset<Row> rows) {
        String[] columns = List.of(rows.columns()).stream()
                .map(name -> List.of("place", "more").contains(name) ? "to_json(" + name + ")" : "string(" + name + ")")
                .toArray(String[]::new);
        return rows.selectExpr("concat_ws(' ', " + String.join(", ", columns) + ")").collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    @Test
    void leavesOthersToSpark() {
        String sql = "SELECT id, DOUBLE(id) AS part FROM range(%d)";
        assertThat(FewKeys.of(inMemory(sql.formatted(1000)), List.of("id"))).isPresent();
        assertThat(FewKeys.of(inMemory(sql.formatted(1001)), List.of("id"))).isEmpty();
        // To Java, 0.0 and -0.0 differ.
        assertThat(FewKeys.of(inMemory(sql.formatted(1)), KEYS)).isEmpty();
        assertThat(FewKeys.of(inMemory(sql.formatted(1)), List.of("ID"))).isEmpty();
        // Delta Lake's statistics of timestamps are not exact.
        assertThat(FewKeys.of(inMemory("SELECT timestamp_seconds(1) AS id"), List.of("id")))
                .isEmpty();
        // Readers of Parquet would look for another text.
        assertThat(FewKeys.of(inMemory("SELECT CAST(X'ff41' AS STRING) AS id"), List.of("id")))
                .isEmpty();
        assertThat(FewKeys.of(session.sql(sql.formatted(1)), List.of("id"))).isEmpty();
        assertThat(few(inMemory(sql.formatted(1)), List.of("id"))
                        .fit(session.sql("SELECT 1 AS id").schema()))
                .isFalse();
    }
}
