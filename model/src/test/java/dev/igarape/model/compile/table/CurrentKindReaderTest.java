package dev.igarape.model.compile.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.AllowedLateness;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CurrentKindReaderTest {
    private static final String SQL = "SELECT id, region, status, at FROM raw.orders";
    private static final String COLUMNS = "columns: {id: bigint, region: string, status: string, at: timestamp}";

    @TempDir
    private Path folder;

    @Test
    void isReadWhole() {
        Table table = table("""
                    current:
                      sql: orders.sql
                      keys: [region, id]
                      sequence_by: [at, status]
                      delete_when: "status = 'delete' "
                      change_feed: false
                    columns: {id: long, region: string, status: string, at: timestamp}
                    expect:
                      positive: {check: "id > 0", on_fail: quarantine}
                    retention: forever
                    wait_for: complete
                    lateness: 2 hours
                    all_refused: fail
                """);
        assertThat(table.definition())
                .isEqualTo(new CurrentDefinition(
                        SQL,
                        List.of("region", "id"),
                        List.of("at", "status"),
                        Optional.of("status = 'delete'"),
                        false));
        assertThat(table.columns()).containsEntry("id", "bigint").hasSize(4);
        assertThat(table.inputs()).containsExactly(new Input(TableName.parse("raw.orders"), 0));
        assertThat(table.expectations())
                .containsExactly(new Expectation("positive", "id > 0", Expectation.Action.QUARANTINE));
        assertThat(table.waitFor()).contains(new AllowedLateness(7200));
        assertThat(table.failsWhenAllRejected()).isTrue();
    }

    @Test
    void keepsItsChangesUnlessItSaysOtherwise() {
        Table table = table("    current: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    " + COLUMNS + "\n");
        assertThat(table.definition())
                .isEqualTo(new CurrentDefinition(SQL, List.of("id"), List.of("at"), Optional.empty(), true));
        assertThat(table.definition().storage()).contains(new Storage(Storage.Format.DELTA, List.of()));
        assertThat(table.has(Trait.DATED)).isFalse();
        assertThat(table.isLive()).isTrue();
    }

    @Test
    void saysHowLongDeletionsAreRemembered() {
        Table table = table("    current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id < 0,"
                + " tombstones: 30 days}\n    " + COLUMNS + "\n");
        assertThat(((CurrentDefinition) table.definition()).tombstones()).contains(Duration.ofDays(30));
        assertThat(table.definition().rules()).contains("tombstones 30 days");
        assertThat(table.definition().decisive())
                .isEqualTo(new CurrentDefinition(
                        SQL,
                        List.of("id"),
                        List.of("at"),
                        Optional.of("id < 0"),
                        false,
                        Optional.empty(),
                        Optional.of(Duration.ofDays(30)),
                        List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | false", "', ambiguous_sequence: warn' | false", "', ambiguous_sequence: fail' | true"})
    void failsWhereOnlyContentDecidesIfItSaysSo(String declared, boolean fails) {
        Table table = table(
                "    current: {sql: orders.sql, keys: [id], sequence_by: [at]" + declared + "}\n    " + COLUMNS + "\n");
        assertThat(((KeyedDefinition) table.definition()).failsWhenAmbiguous()).isEqualTo(fails);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"true | region status", "[status] | status", "[status, region] | region status", "false | ''"})
    void saysOfWhichColumnsNullTellsNothing(String declared, String columns) {
        Table table = table("    current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: " + declared
                + "}\n    " + COLUMNS + "\n");
        assertThat(String.join(" ", ((CurrentDefinition) table.definition()).ignoreNull()))
                .isEqualTo(columns);
    }

    @Test
    void columnsKeepTheirValuesWhereDeletionsAreForgotten() {
        Table table = table("    current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id < 0,"
                + " tombstones: 1 day, ignore_null: true}\n    " + COLUMNS + "\n");
        assertThat(table.definition().rules()).contains("tombstones 1 day", "ignore_null region, status");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "current: orders.sql | :9: 'current' is text where a mapping belongs. Write `current: {sql: customers.sql,"
                        + " keys: [customer_id], sequence_by: [updated_at]}`.",
                "current: {keys: [id], sequence_by: [at]} | :9: 'sql' is missing.",
                "current: {sql: orders.sql, sequence_by: [at]} | :9: 'keys' is missing. Name the columns that tell rows"
                        + " apart: `keys: [customer_id]`.",
                "current: {sql: orders.sql, keys: [], sequence_by: [at]} | :9: 'keys' is empty.",
                "current: {sql: orders.sql, keys: id, sequence_by: [at]} | :9: 'keys' is text where a list belongs.",
                "current: {sql: orders.sql, keys: [1], sequence_by: [at]} | an item of 'keys' is a number, not a word.",
                "current: {sql: orders.sql, keys: [id]} | :9: 'sequence_by' is missing. Name the columns that put the"
                        + " events of a key in order: `sequence_by: [updated_at]`.",
                "current: {sql: orders.sql, keys: [id], sequence_by: []} | :9: 'sequence_by' is empty.",
                "current: {sql: orders.sql, keys: [id, id], sequence_by: [at]} | :9: 'id' is given twice. Keep one of"
                        + " them.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at, status, at]} | :9: 'at' is given twice.",
                "current: {sql: orders.sql, keys: [idd], sequence_by: [at]} | :9: key 'idd' is none of the table's"
                        + " columns (did you mean id?).",
                "current: {sql: orders.sql, keys: [id], sequence_by: [att]} | :9: sequence_by 'att' is none of the"
                        + " table's columns (did you mean at?).",
                "current: {sql: orders.sql, keys: [id], sequence_by: [id]} | sequence_by 'id' is a key, so all events of"
                        + " a key have the same.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], change_feed: 'yes'} | :9: 'change_feed' is text"
                        + " where true or false belongs. Write true, which is the default, or false.",
                "current: {sql: orders.sql, key: [id], keys: [id], sequence_by: [at]} | :9: unknown key 'key' in current"
                        + " (did you mean keys?). Use sql, from, cdc, epochs, keys, sequence_by, delete_when, change_feed,"
                        + " ambiguous_sequence, tombstones or ignore_null.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], inputs: {raw.orders: {lookback: 1}}} | :9:"
                        + " 'inputs' of a current table: its events come from every date of what it reads",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], interval: 5 minutes} | :9: 'interval' of a"
                        + " current table: it is not computed by dates",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], time: at} | :9: 'time' of a current table: its"
                        + " rows are of no date, so no table reads them by time. Take it out, or make it a daily table.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: \"status = \"} | :9: the condition"
                        + " is not SQL",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: at < now()} | :9: now answers"
                        + " differently on every run.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id IN (SELECT id FROM raw.gone)} |"
                        + " :9: the condition reads raw.gone. A condition sees one row of its own table",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: \"at < {run_date}\"} | :9: a date"
                        + " of the run in the condition of a table with keys, which has no date of its own. Compare with a"
                        + " column instead.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: [id]} | :9: column 'id' of ignore_null is"
                        + " a key, which is never null. Write `ignore_null: true` for all columns but keys and sequence",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: [at]} | :9: column 'at' of ignore_null is"
                        + " of sequence_by, which is never null.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: [statu]} | :9: column 'statu' of"
                        + " ignore_null is none of the table's columns (did you mean status?).",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: [status, status]} | :9: column 'status'"
                        + " of ignore_null is given twice.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: all} | :9: 'ignore_null' is text where a"
                        + " list belongs.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], ambiguous_sequence: drop} | :9: 'drop' is no answer"
                        + " to events of equal sequence. Write `warn`, which is the default, or `fail`",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], ambiguous_sequence: quarantine} | :9: 'quarantine'"
                        + " is not offered for events of equal sequence: which of them goes there would depend on which is"
                        + " read first. Write `warn`",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], tombstones: 30 days} | :9: 'tombstones' without"
                        + " 'delete_when': no event deletes. Take it out, or say which events delete their key",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id < 0, tombstones: 5 minutes} | :9:"
                        + " '5 minutes' is not a time for which deletions are remembered. Write for example `tombstones: 30"
                        + " days` or `48 hours`, or leave it out: deletions are then remembered for good.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id < 0, tombstones: 30} | :9: '30' is"
                        + " not a time for which deletions are remembered.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [status, at], delete_when: id < 0, tombstones: 1 day} |"
                        + " :9: 'tombstones' of a table whose sequence_by starts with 'status' of type string, which does not"
                        + " say when a deletion was. Name a timestamp or a date first in sequence_by"
            })
    void isChecked(String current, String fault) {
        assertFault(SQL, current.strip() + "\n    " + COLUMNS, fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT id, at FROM raw.orders JOIN raw.other USING (id) | orders.sql:1: trusted.orders joins raw.orders and"
                        + " raw.other, which have dates; its events are rows of one such table. Make a current table of"
                        + " raw.other and join with that, or join them in a daily table that trusted.orders reads.",
                "SELECT id, max(at) AS at FROM raw.orders GROUP BY id | orders.sql:1: makes an event of several rows",
                "SELECT id, at FROM raw.orders WHERE at < {run_date} | orders.sql:1: {run_date} in a current table: a"
                        + " current table has no date of its own.",
                "SELECT id, '{next_date}' AS at FROM raw.orders | orders.sql:1: {next_date} in a current table",
                "SELECT id, now() AS at FROM raw.orders | orders.sql:1: now answers differently on every run.",
                "SELECT id, (at FROM raw.orders | orders.sql:1: Spark can't parse it",
                "SELECT 1 AS id | orders.sql:1: the query reads no table."
            })
    void hasSqlThatIsChecked(String sql, String fault) {
        assertFault(sql, "current: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    " + COLUMNS, fault);
    }

    @Test
    void takesSqlThatMakesSeveralEventsOfARow() {
        assertThat(diagnostics(
                        "SELECT e.id, e.at FROM raw.orders LATERAL VIEW explode(events) t AS e",
                        "current: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    " + COLUMNS))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x: 1 day | :9: a current table has to declare its `columns`.",
                "columns: {} | :10: 'columns' is empty.",
                "columns: {id: float, at: timestamp} | :9: key 'id' is of type float, which has values that are equal only"
                        + " to some engines (NaN, -0.0). Cast it in the SQL: to a decimal, a bigint or a string.",
                "columns: {id: double, at: timestamp} | :9: key 'id' is of type double",
                "columns: {id: \"map<string,int>\", at: timestamp} | :9: key 'id' is of type map<string,int>: a key is a"
                        + " single value.",
                "columns: {id: \"struct<a: int>\", at: timestamp} | :9: key 'id' is of type struct<a:int>",
                "columns: {id: array<int>, at: timestamp} | :9: key 'id' is of type array<int>",
                "columns: {id: int, at: \"map<string,int>\"} | :9: sequence_by 'at' is of type map<string,int>, and maps have"
                        + " no order.",
                "columns: {id: int, at: \"struct<a: array<map<string,int>>>\"} | :9: sequence_by 'at' is of type struct",
                "columns: {id: int, at: bigint, _change_type: string} | :10: the change feed has a column _change_type of"
                        + " its own. Give the column another name here and in the SQL.",
                "columns: {id: int, at: bigint, __igarape_change: string} | :10: names that start with __igarape_ are the"
                        + " platform's own, as __igarape_change. Give the column another name here and in the SQL.",
                "columns: {id: int, at: bigint, date: date} | :10: the name date is kept for the date of the run, by which"
                        + " refused rows are partitioned. Give the column another name here and in the SQL."
            })
    void hasColumnsThatAreChecked(String columns, String fault) {
        String body = columns.startsWith("x:") ? "description: Orders." : columns;
        List<String> found = diagnostics(SQL, "current: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    " + body);
        assertThat(found).anySatisfy(line -> assertThat(line).contains(fault));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id | string",
                "id | binary",
                "id | decimal(38,0)",
                "id | timestamp",
                "at | double",
                "at | array<int>"
            })
    void takesTypesThatCanBeCompared(String column, String type) {
        assertThat(diagnostics(
                        SQL,
                        "current: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    "
                                + "columns: {id: int, at: int}"
                                        .replace(column + ": int", column + ": \"" + type + "\"")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "retention: 7 days | :11: 'retention' of a current table: a row stays until an event of its key replaces or"
                        + " deletes it. Take it out, or write `forever`; what is to go is what `delete_when` says.",
                "retention: 7 | :11: '7' is not a time to keep commits.",
                "expect: {x: {check: \"at < {run_date}\", on_fail: warn}} | :11: a date of the run in the check of a table"
                        + " with keys",
                "expect: {has_key: {check: \"id > 0\", on_fail: warn}} | :11: 'has_key' is a rule that every current or"
                        + " history table has. Take it out, or give the expectation another name.",
                "expect: {too_late: {check: \"id > 0\", on_fail: warn}} | :11: 'too_late' is a rule",
                "expect: {has_sequence: {check: \"id > 0\", on_fail: warn}} | :11: 'has_sequence' is a rule",
                "lateness: 2 hours | :11: 'lateness' without 'wait_for'"
            })
    void saysWhatElseItCanNotHave(String line, String fault) {
        assertFault(
                SQL,
                "current: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    " + COLUMNS + "\n    " + line.strip(),
                fault);
    }

    @Test
    void isNoLanding() {
        assertThat(project(SQL)
                        .tables(
                                TestProject.LANDING,
                                "  raw.copy:\n    current: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    "
                                        + COLUMNS + "\n")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains("raw.copy is a current, which does not belong in raw. A current goes to trusted or gold");
    }

    private void assertFault(String sql, String body, String fault) {
        assertThat(diagnostics(sql, body)).singleElement().asString().contains(fault);
    }

    private List<String> diagnostics(String sql, String body) {
        return project(sql)
                .tables(
                        TestProject.LANDING,
                        "  trusted.orders:\n    " + body + "\n",
                        TestProject.LANDING.replace("orders", "other"))
                .diagnostics();
    }

    private Table table(String body) {
        return project(SQL)
                .tables(TestProject.LANDING, "  trusted.orders:\n" + body)
                .manifest()
                .table(TableName.parse("trusted.orders"))
                .orElseThrow();
    }

    private TestProject project(String sql) {
        return new TestProject(folder).with("pipelines/shop/orders.sql", sql);
    }
}
