package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Refresh;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyedJoinCheckTest {
    private static final String COLUMNS = "\n    columns: {id: string, name: string, at: timestamp}\n";
    private static final String CUSTOMERS =
            "  trusted.customers:\n    current: {sql: customers.sql, keys: [id], sequence_by: [at]}" + COLUMNS;
    private static final String BOOKS =
            "  trusted.books:\n    history: {sql: customers.sql, keys: [id], sequence_by: [at]}" + COLUMNS;
    private static final String NAMED =
            "  gold.named:\n    current: {sql: named.sql, keys: [id], sequence_by: [at]}" + COLUMNS;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id, name, at FROM raw.orders JOIN trusted.customers USING (id)",
                "SELECT id, name, at FROM raw.orders LEFT JOIN trusted.customers USING (id)",
                "SELECT id, name, at FROM raw.orders JOIN trusted.customers USING (id) JOIN trusted.books USING (id)",
                "SELECT id, name, at FROM trusted.customers JOIN raw.orders USING (id)"
            })
    void takesAnInputWithDatesBesideTablesWithout(String sql) {
        assertThat(project(sql, NAMED).diagnostics()).isEmpty();
    }

    /** The rows of a table by key are of one version of each, so any later one counts. */
    @Test
    void eachVersionOfAnInputWithoutDatesCounts() {
        Table named = project(
                        "SELECT id, name, at FROM raw.orders LEFT JOIN trusted.customers USING (id)",
                        NAMED + "    expect: {named: {check: name IS NOT NULL, on_fail: quarantine}}\n")
                .manifest()
                .table(TableName.parse("gold.named"))
                .orElseThrow();
        assertThat(named.inputs())
                .containsExactly(
                        new Input(TableName.parse("raw.orders"), 0),
                        Input.snapshot(TableName.parse("trusted.customers"), Refresh.ALWAYS));
        // An event is of one row, which can be held back.
        assertThat(named.expectations())
                .containsExactly(new Expectation("named", "name IS NOT NULL", Expectation.Action.QUARANTINE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT id, name, at FROM trusted.customers JOIN trusted.books USING (id) | named.sql:1: gold.named joins"
                        + " only tables without dates, such as trusted.customers, so nothing says which events it has. Join"
                        + " the landing or daily table behind one of them with the others, or make it a view.",
                "SELECT id, name, at FROM raw.orders JOIN trusted.dated USING (id) JOIN trusted.books USING (id) |"
                        + " named.sql:1: gold.named joins raw.orders and trusted.dated, which have dates; its events are"
                        + " rows of one such table. Make a current table of trusted.dated and join with that, or join them in"
                        + " a daily table that gold.named reads.",
                "SELECT id, name, max(at) AS at FROM raw.orders JOIN trusted.customers USING (id) GROUP BY id, name |"
                        + " named.sql:1: gold.named does not make events of each row of raw.orders by itself: its SQL"
                        + " aggregates, sorts, limits, compares or unites rows, names the table twice, has a subquery in a"
                        + " condition, or keeps rows of another table that none of raw.orders meets. Write FROM raw.orders JOIN"
                        + " or LEFT JOIN the others, and do the rest in a daily table that it reads.",
                "SELECT id, name, at FROM trusted.customers LEFT JOIN raw.orders USING (id) | named.sql:1: gold.named does"
                        + " not make events of each row of raw.orders by itself: its SQL",
                "SELECT id, name, at FROM raw.short JOIN trusted.customers USING (id) | named.sql:1: gold.named joins"
                        + " raw.short, which keeps its rows for 7 days: when another table that it joins changes, events are"
                        + " made of the old rows again. Keep raw.short forever, or join in a daily table."
            })
    void refusesWhatNewRowsDoNotSufficeFor(String sql, String fault) {
        assertThat(project(sql, NAMED).diagnostics()).singleElement().asString().startsWith("pipelines/shop/" + fault);
    }

    @Test
    void anUnknownInputIsSaidOnce() {
        assertThat(project("SELECT id, name, at FROM raw.orders JOIN trusted.customer USING (id)", NAMED)
                        .diagnostics())
                .singleElement()
                .asString()
                .contains("gold.named reads trusted.customer, which no pipeline declares");
    }

    /** Its versions are those of all events of a key, of which a later version of another table would take some back. */
    @Test
    void aHistoryReadsOneTable() {
        assertThat(project(
                                "SELECT id, name, at FROM raw.orders JOIN trusted.customers USING (id)",
                                NAMED.replace("current:", "history:"))
                        .diagnostics())
                .contains("pipelines/shop/named.sql:1: the SQL of a history table reads one table, and this one reads"
                        + " raw.orders and trusted.customers. Join them in a daily table that it reads, or in a view over"
                        + " it.");
    }

    private TestProject project(String sql, String named) {
        return new TestProject(folder)
                .tables(
                        TestProject.LANDING,
                        "  raw.short:\n    landing: {kafka: {topics: [short]}}\n    retention: 7 days\n",
                        "  trusted.dated:\n    daily: {sql: customers.sql}\n",
                        CUSTOMERS,
                        BOOKS,
                        named)
                .with("pipelines/shop/customers.sql", "SELECT id, name, at FROM raw.orders")
                .with("pipelines/shop/named.sql", sql);
    }
}
