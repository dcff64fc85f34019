package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IntervalCheckTest {
    private static final String INTERVALS = """
              gold.orders:
                daily: {sql: gold.sql, time: at, interval: 5 minutes}
            """;

    @TempDir
    private Path folder;

    @Test
    void takesInputsWithATime() {
        assertThat(diagnostics(TestProject.LANDING)).isEmpty();
        assertThat(diagnostics(TestProject.LANDING.replace("raw.orders", "raw.topic") + """
                  trusted.orders:
                    daily: {sql: topic.sql, time: at}
                """))
                .isEmpty();
    }

    @Test
    void refusesADailyInputWithoutATime() {
        assertThat(diagnostics(TestProject.LANDING.replace("raw.orders", "raw.topic") + """
                  trusted.orders:
                    daily: {sql: topic.sql}
                """))
                .containsExactly("pipelines/shop/gold.sql:2: gold.orders has intervals, but the rows of its input"
                        + " trusted.orders have no `time`. Name the column of event times of trusted.orders,"
                        + " `daily: {sql: …, time: …}`, or compute gold.orders by whole dates.");
    }

    @Test
    void refusesLandingsWhoseRowsHaveNoTime() {
        for (String source : List.of(
                "http: {url: 'http://a/b'}",
                "files: {path: '/x/*.csv', format: csv}",
                "jdbc: {url: '${DB}', table: orders, by: at}")) {
            assertThat(diagnostics("  raw.orders:\n    landing: {" + source + "}\n"))
                    .containsExactly("pipelines/shop/gold.sql:2: gold.orders has intervals, but the rows of its input"
                            + " raw.orders have a date and no time. Read it through a daily table that has a `time`,"
                            + " or compute gold.orders by whole dates.");
        }
    }

    @Test
    void leavesTablesOfWholeDatesAlone() {
        assertThat(diagnostics("  raw.orders:\n    landing: {http: {url: 'http://a/b'}}\n", ", interval: 5 minutes"))
                .isEmpty();
    }

    private List<String> diagnostics(String input) {
        return diagnostics(input, "");
    }

    /** @param without what is taken out of the table with intervals */
    private List<String> diagnostics(String input, String without) {
        String read = input.contains("trusted.orders") ? "trusted.orders" : "raw.orders";
        return new TestProject(folder)
                .tables(input, INTERVALS.replace(without, ""))
                .with("pipelines/shop/topic.sql", "SELECT value.at AS at FROM raw.topic")
                .with("pipelines/shop/gold.sql", "SELECT at\nFROM " + read)
                .diagnostics();
    }
}
