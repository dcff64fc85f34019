package dev.igarape.cli.command.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import dev.igarape.model.job.Inspected;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TableReportTest {
    private static final Instant NOON = Instant.parse("2024-01-31T12:00:00Z");

    private static final Inspected.Keyed KEYED = new Inspected.Keyed(
            "hdfs://n/rows",
            43,
            NOON,
            Optional.of(new Inspected.Files(12, 3_250_586, 120, 12)),
            1_025,
            Optional.of("2024-01-01T00:00:00Z"),
            1);

    @Test
    void aTableWithKeysHasItsDeltaTableAndWhatItRemembers() {
        Inspected table = table(
                "trusted.customers",
                "current",
                Optional.of(KEYED),
                3,
                List.of(
                        new Inspected.Finding(true, "it is ill", "Mend it."),
                        new Inspected.Finding(false, "a run died", "./lake repair")));
        assertThat(printed(table.withRows(1204)).lines())
                .containsExactly(
                        "trusted.customers (current)",
                        "  rows         1204",
                        "  dates        fresh 30, stale 1",
                        "  last commit  41 at 2024-01-31T12:00:00Z",
                        "  quarantine   3 rows, 1 of them too late",
                        "  rows changed at 2024-01-31T12:00:00Z",
                        "  Delta table  version 43, 12 files, 3.1 MB",
                        "               120 rows hidden by deletion vectors (9 %)",
                        "               at least 12 small files: due for ./lake compact",
                        "               hdfs://n/rows",
                        "  remembered   2 KB beside the rows",
                        "  forgotten    deletions up to 2024-01-01T00:00:00Z",
                        "  FAILED       it is ill",
                        "               Mend it.",
                        "  look         a run died",
                        "               ./lake repair");
        // Without Trino, nobody has counted the rows.
        assertThat(printed(table).lines())
                .contains("               120 rows hidden by deletion vectors")
                .noneMatch(line -> line.startsWith("  rows  "));
    }

    @Test
    void otherTablesHaveLess() {
        Inspected view = new Inspected(
                TableName.parse("gold.view"),
                "view",
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                0,
                Optional.empty(),
                List.of());
        assertThat(printed(
                                table("raw.orders", "landing", Optional.empty(), 0, List.of())
                                        .withRows(7),
                                view)
                        .lines())
                .containsExactly(
                        "raw.orders (landing)",
                        "  rows         7",
                        "  dates        fresh 30, stale 1",
                        "  last commit  41 at 2024-01-31T12:00:00Z",
                        "",
                        "gold.view (view)",
                        "  last commit  none");
    }

    private static Inspected table(
            String name,
            String kind,
            Optional<Inspected.Keyed> keyed,
            long quarantined,
            List<Inspected.Finding> findings) {
        Map<String, Long> dates = new LinkedHashMap<>();
        dates.put("fresh", 30L);
        dates.put("stale", 1L);
        return new Inspected(
                TableName.parse(name),
                kind,
                Optional.of(new Inspected.LastCommit(41, NOON)),
                dates,
                Optional.empty(),
                quarantined,
                keyed,
                findings);
    }

    private static String printed(Inspected... tables) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        TableReport.print(List.of(tables), out);
        out.flush();
        return text.toString();
    }
}
