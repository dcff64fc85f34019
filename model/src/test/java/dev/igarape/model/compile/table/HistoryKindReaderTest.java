package dev.igarape.model.compile.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.HistoryDefinition.Period;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HistoryKindReaderTest {
    private static final String SQL = "SELECT id, title, price, at FROM raw.orders";
    private static final String COLUMNS = "columns: {id: bigint, title: string, price: double, at: timestamp}";

    @TempDir
    private Path folder;

    @Test
    void isReadWhole() {
        Table table = table("""
                    history:
                      sql: orders.sql
                      keys: [id]
                      sequence_by: [at]
                      delete_when: "price IS NULL"
                      track: [price, title]
                      columns: {from: effective_date, to: end_date, current: current}
                      change_feed: false
                """ + "    " + COLUMNS + "\n");
        assertThat(table.definition())
                .isEqualTo(new HistoryDefinition(
                        SQL,
                        List.of("id"),
                        List.of("at"),
                        Optional.of("price IS NULL"),
                        List.of("price", "title"),
                        new Period("effective_date", "end_date", "current"),
                        false));
        assertThat(table.allColumns())
                .containsExactly(
                        Map.entry("id", "bigint"),
                        Map.entry("title", "string"),
                        Map.entry("price", "double"),
                        Map.entry("at", "timestamp"),
                        Map.entry("effective_date", "timestamp"),
                        Map.entry("end_date", "timestamp"),
                        Map.entry("current", "boolean"));
    }

    @Test
    void tracksAllColumnsUnlessItSaysOtherwise() {
        Table table = table("    history: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    " + COLUMNS + "\n");
        assertThat(table.definition())
                .isEqualTo(new HistoryDefinition(
                        SQL,
                        List.of("id"),
                        List.of("at"),
                        Optional.empty(),
                        List.of("price", "title"),
                        new Period("valid_from", "valid_to", "is_current"),
                        true));
        assertThat(table.definition().storage()).contains(new Storage(Storage.Format.DELTA, List.of()));
        assertThat(table.has(Trait.KEYED)).isTrue();
        assertThat(table.isLive()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{sql: orders.sql, keys: [id]} | :9: 'sequence_by' is missing.",
                "{sql: orders.sql, keys: [id], sequence_by: [at], track: []} | :9: 'track' is empty.",
                "{sql: orders.sql, keys: [id], sequence_by: [at], track: [prize]} | :9: tracked column 'prize' is none of the"
                        + " table's columns (did you mean price?). Name the columns whose change makes a version",
                "{sql: orders.sql, keys: [id], sequence_by: [at], track: [id]} | :9: tracked column 'id' is a key",
                "{sql: orders.sql, keys: [id], sequence_by: [at], track: [at]} | :9: tracked column 'at' is of sequence_by",
                "{sql: orders.sql, keys: [id], sequence_by: [at], track: [price, price]} | :9: tracked column 'price' is given"
                        + " twice.",
                "{sql: orders.sql, keys: [id], sequence_by: [title]} | :9: sequence_by 'title' is of type string, and the first"
                        + " one is the time from which a version holds. Name a timestamp, a date or a whole number first.",
                "{sql: orders.sql, keys: [id], sequence_by: [at], columns: {from: price}} | :9: the history adds a column price,"
                        + " which the SQL gives already.",
                "{sql: orders.sql, keys: [id], sequence_by: [at], columns: {from: since, to: since}} | :9: the history adds a"
                        + " column since twice.",
                "{sql: orders.sql, keys: [id], sequence_by: [at], columns: {from: date}} | :9: 'date' is not a name that a column"
                        + " can have.",
                "{sql: orders.sql, keys: [id], sequence_by: [at], columns: {form: since}} | :9: unknown key 'form' in columns of a"
                        + " history (did you mean from?).",
                "{sql: orders.sql, keys: [id], sequence_by: [at], interval: 5 minutes} | :9: 'interval' of a history table: it is"
                        + " not computed by dates",
            })
    void isChecked(String history, String fault) {
        assertFault("history: " + history.strip() + "\n    " + COLUMNS, fault);
    }

    @Test
    void tracksNoMaps() {
        assertFault(
                "history: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    columns: {id: bigint, at: timestamp,"
                        + " price: \"map<string,string>\"}",
                ":9: tracked column 'price' is of type map<string,string>, and equal maps may differ in the order of their"
                        + " entries. Leave it out of `track`, or make a list of it in the SQL:"
                        + " `array_sort(map_entries(price))`.");
    }

    @Test
    void needsSomethingToTrack() {
        assertFault(
                "history: {sql: orders.sql, keys: [id], sequence_by: [at]}\n    columns: {id: bigint, at: timestamp}",
                "a history without a column besides keys and sequence has nothing to track.");
        assertFault(
                "history: {sql: orders.sql, keys: [id], sequence_by: [at], track: [price]}",
                "a history table has to declare its `columns`.");
    }

    private void assertFault(String body, String fault) {
        assertThat(project()
                        .tables(TestProject.LANDING, "  trusted.orders:\n    " + body + "\n")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    private Table table(String body) {
        return project()
                .tables(TestProject.LANDING, "  trusted.orders:\n" + body)
                .manifest()
                .table(TableName.parse("trusted.orders"))
                .orElseThrow();
    }

    private TestProject project() {
        return new TestProject(folder).with("pipelines/shop/orders.sql", SQL);
    }
}
