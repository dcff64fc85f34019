package dev.igarape.cli.command.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.query.QueryResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

final class DateGridTest {
    private static final DateGrid GRID = DateGrid.of(new QueryResult(
            List.of("table_name", "date", "status"),
            List.of(
                    List.of("trusted.orders", "2024-01-02", "stale", 0),
                    List.of("raw.orders", "2023-12-31", "landed", 0),
                    List.of("trusted.orders", "2023-12-31", "fresh", 0),
                    List.of("gold.orders", "2024-01-02", "blocked", 0))));

    @Test
    void hasAColumnForEachDateThatAnyTableHas() {
        assertThat(printed(Ansi.OFF).lines())
                .containsExactly(
                        "",
                        "2023 to 2024                   12-31 01-02",
                        "gold.orders                      .     B",
                        "raw.orders                       L     .",
                        "trusted.orders                   F     S",
                        "L landed  F fresh  S stale  M missing  B blocked  R running  Z frozen");
    }

    @Test
    void ofADateWithIntervalsTheNumberOfStaleOnesIsShown() {
        DateGrid grid = DateGrid.of(new QueryResult(
                List.of(),
                List.of(
                        List.of("gold.windows", "2024-01-01", "stale", 2),
                        List.of("gold.windows", "2024-01-02", "stale", 288),
                        List.of("gold.windows", "2024-01-03", "fresh", 0))));
        assertThat(printed(grid, Ansi.OFF).lines())
                .contains(
                        "gold.windows                     2S  288S    F",
                        "L landed  F fresh  S stale  M missing  B blocked  R running  Z frozen  2S 2 intervals stale");
        assertThat(grid.staleIntervals()).containsEntry("gold.windows", Map.of("2024-01-01", 2, "2024-01-02", 288));
    }

    @Test
    void isColouredOnATerminal() {
        assertThat(printed(Ansi.ON)).contains("\u001B[32mF\u001B[39m\u001B[0m", "\u001B[33mS\u001B[39m\u001B[0m");
    }

    @Test
    void withoutDatesThereIsNothingToShow() {
        StringWriter text = new StringWriter();
        DateGrid.of(new QueryResult(List.of(), List.of())).print(new PrintWriter(text), Ansi.OFF);
        assertThat(text.toString()).isEmpty();
    }

    @Test
    void ofManyDatesTheLastAreShown() {
        List<List<Object>> rows = new ArrayList<>();
        for (int day = 1; day <= 20; day++) {
            rows.add(List.of("raw.orders", "2024-01-%02d".formatted(day), "landed", 0));
        }
        rows.add(List.of("raw.old", "2023-01-01", "landed", 0));
        DateGrid grid = DateGrid.of(new QueryResult(List.of(), rows));
        assertThat(grid.dates()).hasSize(14).startsWith("2024-01-07").endsWith("2024-01-20");
        assertThat(grid.tables()).containsOnlyKeys("raw.orders");
    }

    private static String printed(Ansi ansi) {
        return printed(GRID, ansi);
    }

    private static String printed(DateGrid grid, Ansi ansi) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        grid.print(out, ansi);
        out.flush();
        return text.toString();
    }
}
