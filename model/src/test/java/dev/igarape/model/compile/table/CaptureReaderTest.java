package dev.igarape.model.compile.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CaptureReaderTest {
    private static final String LANDING =
            "  raw.changes:\n    landing: {kafka: {topics: [shop.public.orders]," + " tombstones: drop}}\n";
    private static final String COLUMNS = "\n    columns: {id: bigint, price: \"decimal(10,2)\", note: string}\n";

    @TempDir
    private Path folder;

    @Test
    void aLineMakesACurrentTable() {
        Table table = table("current: {from: raw.changes, cdc: debezium, keys: [id]}");
        assertThat(table.definition())
                .isEqualTo(new CurrentDefinition(
                        "SELECT value FROM raw.changes",
                        List.of("id"),
                        List.of(),
                        Optional.empty(),
                        true,
                        Optional.of(new ChangeCapture("debezium", List.of()))));
        assertThat(table.inputs()).containsExactly(new Input(TableName.parse("raw.changes"), 0));
        assertThat(table.definition().rules()).containsExactly("keys id", "cdc debezium");
    }

    @Test
    void aLineMakesAHistory() {
        HistoryDefinition history = (HistoryDefinition)
                table("history: {from: raw.changes, cdc: debezium, keys: [id], epochs: [shop, shop_2], track: [price],"
                                + " columns: {from: since}}")
                        .definition();
        assertThat(history.cdc()).contains(new ChangeCapture("debezium", List.of("shop", "shop_2")));
        assertThat(history.track()).containsExactly("price");
        assertThat(history.addedColumns(java.util.Map.of()))
                .containsEntry("since", "timestamp")
                .containsEntry("valid_to", "timestamp");
        assertThat(history.rules()).contains("cdc debezium, epochs shop, shop_2");
    }

    @Test
    void epochsAreOfTheDefinition() {
        String line = "current: {from: raw.changes, cdc: debezium, keys: [id]";
        assertThat(table(line + ", epochs: [shop]}").definitionHash())
                .isNotEqualTo(table(line + "}").definitionHash())
                .isEqualTo(table(line + ", epochs: [shop], change_feed: false}").definitionHash());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "current: {from: raw.changes, cdc: debezium} | 'keys' is missing. Name the columns that tell rows apart",
                "current: {from: raw.changes, keys: [id]} | 'cdc' is missing. Write `cdc: debezium`",
                "current: {cdc: debezium, keys: [id]} | 'from' is missing. Name the landing of the topic",
                "current: {from: raw.changes, cdc: maxwell, keys: [id]} | 'maxwell' is no form of captured changes",
                "current: {from: changes, cdc: debezium, keys: [id]} | 'changes' is not a table of the lake",
                "current: {from: raw.changes, cdc: debezium, keys: [no]} | key 'no' is none of the table's columns",
                "current: {from: raw.nothing, cdc: debezium, keys: [id]} | reads raw.nothing, which no pipeline declares",
                "current: {from: raw.changes, cdc: debezium, keys: [id], sql: a.sql} | 'sql' of a current table with 'cdc'",
                "current: {from: raw.changes, cdc: debezium, keys: [id], sequence_by: [id]} | 'sequence_by' of a current"
                        + " table with 'cdc': its changes are in the order of the database's log",
                "history: {from: raw.changes, cdc: debezium, keys: [id], delete_when: x} | 'delete_when' of a history",
                "current: {from: raw.changes, cdc: debezium, keys: [id], epochs: [a, a]} | epoch 'a' is given twice",
                "history: {from: raw.changes, cdc: debezium, keys: [id], ambiguous_sequence: fail} | 'ambiguous_sequence' of a"
                        + " history table with 'cdc': each change has a place of its own in the database's log",
                "current: {from: raw.changes, cdc: debezium, keys: [id], tombstones: 1 day} | 'tombstones' of a current table"
                        + " with 'cdc': its changes are in the order of the database's log, and not in that of their times."
                        + " Take it out.",
                "current: {from: raw.changes, cdc: debezium, keys: [id], ignore_null: true} | 'ignore_null' of a current table"
                        + " with 'cdc': a change says itself which values it does not tell. Take it out.",
                "current: {sql: orders.sql, keys: [id], sequence_by: [id], epochs: [a]} | 'epochs' without 'cdc'"
            })
    void saysWhatIsWrong(String body, String fault) {
        assertThat(diagnostics(LANDING, body))
                .isNotEmpty()
                .anySatisfy(line -> assertThat(line).contains(fault));
    }

    @Test
    void readsATopicOfAvroWhoseTombstonesAreNoFault() {
        String body = "current: {from: raw.changes, cdc: debezium, keys: [id]}";
        assertThat(diagnostics(LANDING.replace(", tombstones: drop", ""), body))
                .singleElement()
                .asString()
                .contains(
                        "raw.changes puts tombstones into quarantine", "Write `tombstones: drop` beside its `topics`");
        assertThat(diagnostics(LANDING.replace("tombstones: drop", "tombstones: drop, format: json"), body))
                .singleElement()
                .asString()
                .contains("takes changes from raw.changes, which lands no topic of Avro records");
        String two = LANDING.replace("[shop.public.orders]", "[shop.public.orders, shop_2.public.orders]");
        assertThat(diagnostics(two, body))
                .singleElement()
                .asString()
                .contains("name the sources that follow each other");
        assertThat(diagnostics(two, body.replace("}", ", epochs: [shop, shop_2]}")))
                .isEmpty();
    }

    private List<String> diagnostics(String landing, String body) {
        return new TestProject(folder)
                .with("pipelines/shop/orders.sql", "SELECT id, price, note FROM raw.changes")
                .tables(landing, "  trusted.orders:\n    " + body + COLUMNS)
                .diagnostics();
    }

    private Table table(String body) {
        return new TestProject(folder)
                .tables(LANDING, "  trusted.orders:\n    " + body + COLUMNS)
                .manifest()
                .table(TableName.parse("trusted.orders"))
                .orElseThrow();
    }
}
