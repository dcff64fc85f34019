package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are kept in memory read as those in files do. */
@ExtendWith(TestServers.class)
final class KeptRowsTest {
    @TempDir
    private Path folder;

    @Test
    void rowsAreTheSameInMemoryAndInFiles(TestingSpark spark) throws Exception {
        SparkSession session = spark.newSession();
        // Text that is not UTF-8, a time before any calendar's reform, and nulls.
        Dataset<Row> rows = session.sql("SELECT * FROM VALUES"
                + " (1, CAST(X'ff41' AS STRING), TIMESTAMP'0001-01-01 00:00:00', ARRAY(NULL, 1.50BD)),"
                + " (2, NULL, NULL, NULL) AS t(id, text, at, list)");
        Dataset<Row> few = kept(session, "few", true).keptOfEvents(rows, "rows");
        Dataset<Row> many = kept(session, "many", false).keptOfEvents(rows, "rows");
        assertThat(folder.resolve("few")).doesNotExist();
        assertThat(folder.resolve("many/rows")).isDirectory();
        assertThat(few.schema()).isEqualTo(many.schema());
        assertThat(content(few)).isEqualTo(content(many)).first().asString().contains("FF41");

        org.apache.hadoop.fs.Path one =
                new org.apache.hadoop.fs.Path(folder.resolve("one").toUri());
        assertThat(StartedJobs.of(
                        session,
                        () -> FewRowsFile.write(
                                session, one, KeptRows.inMemory(few).orElseThrow(), few.schema())))
                .isEmpty();
        Dataset<Row> written = session.read().parquet(one.toString());
        assertThat(written.schema()).isEqualTo(many.schema());
        assertThat(content(written)).isEqualTo(content(many));
    }

    @Test
    void columnsAndConditionsOfRowsInMemoryNeedNoJob(TestingSpark spark) throws Exception {
        SparkSession session = spark.newSession();
        Dataset<Row> rows =
                session.range(0, 100).selectExpr("id", "id % 7 AS rest", "id % 2 = 0 AS " + Ambiguous.COLUMN);
        Dataset<Row> few = kept(session, "few", true).keptOfEvents(rows, "rows");
        Dataset<Row> many = kept(session, "many", false).keptOfEvents(rows, "rows");
        assertThat(StartedJobs.of(session, () -> {
                    assertThat(few.filter("id >= 90")
                                    .selectExpr("upper(concat('id ', id))")
                                    .collectAsList())
                            .hasSize(10);
                    assertThat(KeptRows.count(few.filter("rest = 3"))).isEqualTo(14);
                    assertThat(EventCount.of(few, "rest")).hasSize(7);
                }))
                .isEmpty();
        assertThat(EventCount.of(few, "rest")).containsExactlyInAnyOrderElementsOf(EventCount.of(many, "rest"));
        assertThat(EventCount.of(few.filter("rest = 3"), "rest")).containsExactly(new EventCount(List.of(3L), 14, 7));
        assertThat(KeptRows.areInMemory(many)).isFalse();
        assertThat(KeptRows.count(many)).isEqualTo(100);
    }

    private KeptRows kept(SparkSession session, String name, boolean few) {
        return new KeptRows(
                session, new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), few);
    }

    private static List<String> content(Dataset<Row> rows) {
        return rows
                .orderBy("id")
                .selectExpr("to_json(struct(id, hex(text) AS text, at, list))")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
