package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where expectations send the rows of a build, and how these are counted. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class CheckedRowsTest {
    private static final LocalDate DAY = LocalDate.parse("2024-01-15");
    private static final Expectation POSITIVE = new Expectation("positive", "price > 0", Expectation.Action.QUARANTINE);
    private static final Expectation CHEAP = new Expectation("cheap", "price < 100", Expectation.Action.QUARANTINE);
    private static final Expectation NAMED = new Expectation("named", "name IS NOT NULL", Expectation.Action.DROP);

    private static SparkSession session;

    @BeforeAll
    static void start(TestingSpark spark) {
        session = spark.newSession();
    }

    @Test
    void aTableWithoutExpectationsKeepsEveryRow() throws Exception {
        CheckedRows checked = checked("(1, 'a'), (-2, NULL)");

        assertThat(shown(checked.accepted())).containsExactly("[1,a]", "[-2,null]");
        assertThat(shown(checked.quarantined())).isEmpty();
        assertThat(checked.counts()).isEqualTo(new CheckedRows.Counts(2, 0, 0, List.of()));
    }

    @Test
    void aRowGoesToQuarantineUnderTheFirstRuleThatItFails() throws Exception {
        Expectation odd = new Expectation("odd", "price % 2 = 1", Expectation.Action.QUARANTINE);
        CheckedRows checked = checked("(1, 'a'), (-2, 'b'), (4, 'c')", POSITIVE, odd);

        assertThat(shown(checked.accepted())).containsExactly("[1,a]");
        assertThat(shown(checked.quarantined().select("rule", "reason", "row")))
                .containsExactly(
                        "[positive,expected price > 0,{\"price\":-2,\"name\":\"b\"}]",
                        "[odd,expected price % 2 = 1,{\"price\":4,\"name\":\"c\"}]");
        assertThat(checked.counts())
                .isEqualTo(new CheckedRows.Counts(
                        3,
                        2,
                        0,
                        List.of(
                                new ExpectationResult("positive", Expectation.Action.QUARANTINE, 1),
                                new ExpectationResult("odd", Expectation.Action.QUARANTINE, 2))));
    }

    /** Spark would else leave out what comes before a shuffle of no rows, with its counts (SPARK-54620). */
    @Test
    @Timeout(60)
    void rowsAreCountedAlsoWhereNoneIsLeftToBeGrouped() throws Exception {
        CheckedRows checked = checked("(-1, 'a'), (-2, 'b')", POSITIVE);

        assertThat(shown(checked.accepted().groupBy("name").agg(functions.max("price"))))
                .isEmpty();
        assertThat(checked.counts().quarantined()).isEqualTo(2);
    }

    @Test
    void aCheckThatIsNullFails() {
        CheckedRows checked = checked("(CAST(NULL AS INT), 'a'), (1, 'b')", POSITIVE);

        assertThat(shown(checked.accepted())).containsExactly("[1,b]");
        assertThat(shown(checked.quarantined().select("rule", "row")))
                .containsExactly("[positive,{\"price\":null,\"name\":\"a\"}]");
    }

    @Test
    void droppedRowsGoNowhere() throws Exception {
        CheckedRows checked = checked("(1, NULL), (2, 'b')", NAMED);

        assertThat(shown(checked.accepted())).containsExactly("[2,b]");
        assertThat(shown(checked.quarantined())).isEmpty();
        assertThat(checked.counts())
                .isEqualTo(new CheckedRows.Counts(
                        2, 0, 1, List.of(new ExpectationResult("named", Expectation.Action.DROP, 1))));
    }

    @Test
    void aRowThatIsQuarantinedIsNotCountedAsDroppedToo() throws Exception {
        CheckedRows checked = checked("(-1, NULL)", NAMED, POSITIVE);

        assertThat(shown(checked.accepted())).isEmpty();
        assertThat(shown(checked.quarantined().select("rule"))).containsExactly("[positive]");
        assertThat(checked.counts())
                .isEqualTo(new CheckedRows.Counts(
                        1,
                        1,
                        0,
                        List.of(
                                new ExpectationResult("named", Expectation.Action.DROP, 1),
                                new ExpectationResult("positive", Expectation.Action.QUARANTINE, 1))));
    }

    @Test
    void warningsKeepTheirRows() throws Exception {
        Expectation cheap = new Expectation("cheap", CHEAP.check(), Expectation.Action.WARN);
        CheckedRows checked = checked("(1, 'a'), (200, 'b')", cheap);

        assertThat(shown(checked.accepted())).containsExactly("[1,a]", "[200,b]");
        assertThat(checked.counts())
                .isEqualTo(new CheckedRows.Counts(
                        2, 0, 0, List.of(new ExpectationResult("cheap", Expectation.Action.WARN, 1))));
    }

    @Test
    void whatMustNotFailRefusesTheBuild() {
        Expectation positive = new Expectation("positive", "price > 0", Expectation.Action.FAIL);
        Expectation named = new Expectation("named", "name IS NOT NULL", Expectation.Action.FAIL);
        CheckedRows checked = checked("(-1, 'a'), (-2, NULL), (3, 'c')", positive, named);
        shown(checked.accepted());

        assertThatThrownBy(checked::counts)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessage("Refused to build trusted.orders for 2024-01-15: expectations failed: positive (price > 0):"
                        + " 2 rows; named (name IS NOT NULL): 1 rows. Readers keep the old version. Mend the input or"
                        + " the expectation, and run again.");
    }

    @Test
    void aCheckMayAskForTheDateOfTheBuild() {
        Expectation dated = new Expectation("dated", "name = {run_date}", Expectation.Action.QUARANTINE);
        CheckedRows checked = checked("(1, '2024-01-15'), (2, '2024-01-16')", dated);

        assertThat(shown(checked.accepted())).containsExactly("[1,2024-01-15]");
    }

    @Test
    void quarantinedRowsHaveTheColumnsOfAQuarantineTable() {
        CheckedRows checked = checked("(-1, 'a')", POSITIVE);

        assertThat(checked.quarantined().columns())
                .containsExactly(
                        "rule",
                        "reason",
                        "topic",
                        "partition",
                        "offset",
                        "timestamp",
                        "schema_id",
                        "key",
                        "value",
                        "row");
    }

    @Test
    void aRowWithoutATimeGoesToQuarantine() throws Exception {
        CheckedRows checked = timed("(1, 'inside'), (2, NULL)");

        assertThat(shown(checked.accepted())).containsExactly("[1,inside]");
        assertThat(shown(checked.quarantined().select("rule", "reason", "row")))
                .containsExactly("[has_time,expected `name` IS NOT NULL,{\"price\":2,\"name\":null}]");
        assertThat(checked.counts())
                .isEqualTo(new CheckedRows.Counts(
                        2,
                        1,
                        0,
                        1,
                        List.of(new ExpectationResult("has_time", Expectation.Action.QUARANTINE, 1)),
                        List.of()));
    }

    @Test
    void aRowThatIsKeptOutNeedsNoPlace() throws Exception {
        Expectation cheap = new Expectation("cheap", CHEAP.check(), Expectation.Action.DROP);
        CheckedRows checked = timed("(1, 'inside'), (-1, 'outside'), (200, 'outside')", POSITIVE, cheap);

        assertThat(shown(checked.accepted())).containsExactly("[1,inside]");
        CheckedRows.Counts counts = checked.counts();
        assertThat(List.of(counts.quarantined(), counts.dropped(), counts.unplaced()))
                .containsExactly(1L, 1L, 1L);

        CheckedRows misplaced = timed("(1, 'inside'), (5, 'outside')", POSITIVE, cheap);
        shown(misplaced.accepted());
        assertThatThrownBy(misplaced::counts)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContaining("1 row has a name, such as outside, outside of the time that was computed");
    }

    /** @param rows as SQL: {@code (price, name), …} */
    private static CheckedRows checked(String rows, Expectation... expectations) {
        return checked(new DailyDefinition("any"), functions.lit(false), rows, expectations);
    }

    /** Likewise, of a table whose times are names, of which only {@code inside} is computed. */
    private static CheckedRows timed(String rows, Expectation... expectations) {
        Definition definition = new DailyDefinition("any", Optional.of("name"), Optional.empty());
        Column misplaced =
                functions.not(functions.coalesce(functions.col("name").equalTo("inside"), functions.lit(false)));
        return checked(definition, misplaced, rows, expectations);
    }

    private static CheckedRows checked(
            Definition definition, Column misplaced, String rows, Expectation... expectations) {
        Table table = new Table(
                TableName.parse("trusted.orders"),
                "",
                definition,
                Map.of(),
                List.of(),
                List.of(expectations),
                "forever",
                "hash");
        Dataset<Row> given = session.sql("SELECT * FROM VALUES " + rows + " AS t (price, name)");
        return new CheckedRows(table, DAY, given, misplaced);
    }

    private static List<String> shown(Dataset<Row> rows) {
        return rows.collectAsList().stream().map(Row::toString).toList();
    }
}
