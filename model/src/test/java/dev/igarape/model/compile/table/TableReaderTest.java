package dev.igarape.model.compile.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.AllowedLateness;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TableReaderTest {
    private static final String DAILY = """
              trusted.orders:
                daily: {sql: orders.sql}
            """;

    @TempDir
    private Path folder;

    @Test
    void areReadWhole() {
        Table table = project("SELECT id FROM raw.orders   \r\n\n")
                .tables(TestProject.LANDING, """
                          trusted.orders:
                            description: One row per order.
                            daily: {sql: orders.sql, inputs: {raw.orders: {lookback: 2}}}
                            columns: {id: long, at: timestamp}
                            expect:
                              positive: {check: "id > 0", on_fail: quarantine}
                            retention: 48 hours
                            wait_for: complete
                            lateness: 2 hours
                            all_refused: fail
                        """)
                .manifest()
                .table(TableName.parse("trusted.orders"))
                .orElseThrow();
        assertThat(table.description()).isEqualTo("One row per order.");
        assertThat(table.definition()).isEqualTo(new DailyDefinition("SELECT id FROM raw.orders"));
        assertThat(table.columns()).containsExactly(Map.entry("id", "bigint"), Map.entry("at", "timestamp"));
        assertThat(table.inputs()).containsExactly(new Input(TableName.parse("raw.orders"), 2));
        assertThat(table.expectations())
                .containsExactly(new Expectation("positive", "id > 0", Expectation.Action.QUARANTINE));
        assertThat(table.retention()).isEqualTo("48 hours");
        assertThat(table.waitFor()).contains(new AllowedLateness(7200));
        assertThat(table.failsWhenAllRejected()).isTrue();
        assertThat(table.definitionHash()).matches("[0-9a-f]{64}");
    }

    @Test
    void waitOnlyForWhatArrives() {
        assertThat(project("SELECT id FROM raw.orders")
                        .tables(TestProject.LANDING, DAILY, """
                                  gold.orders:
                                    daily: {sql: gold.sql}
                                    wait_for: complete
                                """)
                        .with("pipelines/shop/gold.sql", "SELECT id FROM trusted.orders")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains("gold.orders waits for complete inputs, but each of them has a date or lacks it");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "orders: | :7: 'orders' is not a table name: the layer is missing.",
                "Trusted.orders: | 'Trusted' is no layer (did you mean trusted?).",
                "trusted.Orders: | Hive keeps names in lower case.",
                "trusted..x: | Hadoop hides what starts with '_' or '.'.",
                "trusted.a-b: | 'trusted.a-b' is not a table name.",
                "ops.runs: | layer ops is filled by the platform itself. Declare tables in raw, trusted or gold.",
                "raw.copy: | raw.copy is a daily, which does not belong in raw."
            })
    void haveNamesAndLayers(String key, String fault) {
        String yaml = "  " + key.strip() + "\n    daily: {sql: orders.sql}\n";
        assertThat(project("SELECT id FROM raw.orders").tables("", yaml).diagnostics())
                .anySatisfy(found -> assertThat(found).contains(fault.replace(":7:", ":6:")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "description: x | :8: trusted.orders does not say how it is built. Use landing, daily, current, history or view.",
                "append: {from: raw.orders} | :9: 'append' is not supported yet by this version of Igarapé. Use"
                        + " landing, daily, current, history or view.",
                "landing: {kafka: {topics: [a]}} | trusted.orders is a landing, which does not belong in trusted."
                        + " Landings go to raw.",
                "daily: orders.sql | :9: 'daily' is text where a mapping belongs. Write `daily: {sql: orders.sql}`.",
                "daily: {} | :9: 'sql' is missing. Name a file beside pipeline.yaml: `sql: orders.sql`.",
                "daily: {sql: order.sql} | there is no file pipelines/shop/order.sql (did you mean orders.sql?). Put"
                        + " the query there, or name one of: orders.sql.",
                "daily: {sql: ../shop/orders.sql} | '../shop/orders.sql' is not the name of an SQL file in this folder",
                "daily: {sql: orders.sql, inputs: {raw.order: {lookback: 2}}} | input raw.order is not read by"
                        + " pipelines/shop/orders.sql (did you mean raw.orders?).",
                "daily: {sql: orders.sql, inputs: {raw.orders: {lookback: -1}}} | 'lookback' is not a whole number"
                        + " from 0 to 3660.",
                "daily: {sql: orders.sql, inputs: {raw.orders: {lookback: '1'}}} | 'lookback' is not a whole number",
                "{daily: {sql: orders.sql}, retention: 7} | '7' is not a time to keep commits.",
                "{daily: {sql: orders.sql}, columns: {date: date}} | the platform adds the column date",
                "{daily: {sql: orders.sql}, columns: {Id: int}} | 'Id' is not a column name.",
                "{daily: {sql: orders.sql}, columns: []} | 'columns' is a list where a mapping belongs.",
                "{daily: {sql: orders.sql}, columns: {id: 3}} | 'id' is a number where text belongs.",
                "{daily: {sql: orders.sql, time: at}, expect: {has_time: {check: 'id > 0', on_fail: warn}}} | 'has_time' is a"
                        + " rule that every daily table with `time` has. Take it out, or give the expectation another name.",
                "{daily: {sql: orders.sql}, expect: {x: {check: 'id > 0'}}} | 'on_fail' is missing. Use warn,"
                        + " quarantine, drop or fail.",
                "{daily: {sql: orders.sql}, expect: {x: {check: 'a > rand()', on_fail: warn}}} | rand answers"
                        + " differently on every run.",
                "{daily: {sql: orders.sql}, expect: {x: {check: 'a IN (SELECT b FROM raw.b)', on_fail: warn}}} | the"
                        + " check reads raw.b.",
                "{daily: {sql: orders.sql}, unique: {keys: [id]}} | 'unique' is not supported yet",
                "{daily: {sql: orders.sql}, view: {sql: orders.sql, from: [raw.orders]}} | trusted.orders is declared"
                        + " as daily and view. A table is built in one way: keep one.",
                "{view: {sql: orders.sql, from: [raw.orders]}, expect: {x: {check: 'a', on_fail: warn}}} | 'expect' on"
                        + " a view: it holds no rows of its own.",
                "{view: {sql: orders.sql, from: [raw.orders]}, retention: 1 day} | 'retention' on a view",
                "{view: {sql: orders.sql, from: [raw.orders]}, all_refused: fail} | 'all_refused' on a table that puts"
                        + " no rows into quarantine.",
                "{daily: {sql: orders.sql}, all_refused: drop} | 'drop' is no answer to rows all refused. Write"
                        + " `warn`, which is the default, or `fail`."
            })
    void areChecked(String body, String fault) {
        String table = "  trusted.orders:\n    " + body.strip() + "\n";
        assertThat(project("SELECT id FROM raw.orders")
                        .tables(TestProject.LANDING, table)
                        .diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT id, | orders.sql:1: Spark can't parse it",
                "SELECT id FROM raw.orders; | orders.sql:1: ';' in a query. Write one SELECT without ';'.",
                "DROP TABLE raw.orders | orders.sql:1: is not a query: it starts with DROP.",
                "-- nothing | orders.sql: holds no query.",
                "SELECT {ds} FROM raw.orders | orders.sql:1: unknown placeholder {ds}.",
                "SELECT '{run_date}' FROM raw.orders | orders.sql:1: {run_date} stands in quotes",
                "SELECT 1 AS x | orders.sql:1: the query reads no table.",
                "SELECT id FROM orders | orders.sql:1: 'orders' is not a table of the lake.",
                "SELECT id FROM raw.orders JOIN ops.runs | trusted.orders reads ops.runs, which the platform fills"
            })
    void haveSqlThatIsChecked(String sql, String fault) {
        String text = sql.strip().equals("SELECT id,") ? "SELECT f(id" : sql;
        assertThat(project(text).tables(TestProject.LANDING, DAILY).diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @Test
    void holdSingleRowsBackOnlyWhereRowsStandAlone() {
        String expect = "    expect: {x: {check: \"n > 0\", on_fail: drop}}\n";
        assertThat(project("SELECT count(*) AS n FROM raw.orders")
                        .tables(TestProject.LANDING, DAILY, expect)
                        .diagnostics())
                .singleElement()
                .asString()
                .contains(":10: on_fail: drop holds single rows back, but the table's SQL makes a row of several");
        assertThat(project("SELECT e.n FROM raw.orders LATERAL VIEW explode(items) t AS e")
                        .tables(TestProject.LANDING, DAILY, expect)
                        .diagnostics())
                .isEmpty();
    }

    @Test
    void tellDuplicateKeys() {
        assertThat(project("SELECT id FROM raw.orders")
                        .tables(TestProject.LANDING, DAILY, DAILY)
                        .diagnostics())
                .containsExactly("pipelines/shop/pipeline.yaml:10: 'trusted.orders' is given twice, first on line 8."
                        + " Keep one of them.");
    }

    private TestProject project(String sql) {
        return new TestProject(folder).with("pipelines/shop/orders.sql", sql);
    }
}
