package dev.igarape.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SelectionTest {
    private final Selection selection = new Selection(new Manifest(
            Manifest.VERSION,
            List.of(
                    pipeline("shop", table("raw.orders"), table("trusted.orders", "raw.orders")),
                    pipeline("sales", table("gold.sales", "trusted.orders"), table("gold.other")))));

    private static Pipeline pipeline(String name, Table... tables) {
        return new Pipeline(
                name, "", "me", "@daily", LocalDate.of(2024, 1, 1), ZoneOffset.UTC, List.of(), List.of(tables));
    }

    private static Table table(String name, String... inputs) {
        return new Table(
                TableName.parse(name),
                "",
                new DailyDefinition("SELECT 1"),
                Map.of(),
                Stream.of(inputs)
                        .map(input -> new Input(TableName.parse(input), 0))
                        .toList(),
                List.of(),
                "forever",
                "hash");
    }

    private List<String> tables(String... words) {
        return selection.tables(List.of(words)).stream()
                .map(TableName::toString)
                .toList();
    }

    @Test
    void takesTables() {
        assertThat(tables("trusted.orders")).containsExactly("trusted.orders");
    }

    @Test
    void takesPipelines() {
        assertThat(tables("shop")).containsExactly("raw.orders", "trusted.orders");
    }

    @Test
    void addsWhatIsBuiltFromATable() {
        assertThat(tables("raw.orders+")).containsExactly("raw.orders", "trusted.orders", "gold.sales");
    }

    @Test
    void addsWhatATableIsBuiltFrom() {
        assertThat(tables("+gold.sales")).containsExactly("raw.orders", "trusted.orders", "gold.sales");
    }

    @Test
    void keepsBuildOrderAndTakesEachOnce() {
        assertThat(tables("gold.other, raw.orders", "raw.orders")).containsExactly("raw.orders", "gold.other");
    }

    @Test
    void namesTheChoicesForAnUnknownName() {
        assertThatThrownBy(() -> tables("raw.$(id)"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessage("No table or pipeline is called 'raw.$(id)'. Pipelines: shop, sales."
                        + " Tables: raw.orders, trusted.orders, gold.sales, gold.other.");
    }

    @Test
    void wantsAName() {
        assertThatThrownBy(() -> tables(" , ")).hasMessageStartingWith("No table is named. Pipelines: shop, sales.");
    }
}
