package dev.igarape.jobs.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.OpsPublisher.Folder;
import dev.igarape.model.Manifest;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./lake status} has to read of a lake, whatever its size. */
final class LastDatesTest {
    private static final LocalDate TODAY = LocalDate.parse("2024-01-15");

    @TempDir
    private Path folder;

    private Lake lake;

    @BeforeEach
    void open() throws IOException {
        Target target = new Target("test", "", "file://" + folder, "/lake", "", Map.of(), Map.of(), "", "", Map.of());
        Clock clock = Clock.fixed(Instant.parse(TODAY + "T12:00:00Z"), ZoneOffset.UTC);
        lake = Lake.open(
                new Manifest(Manifest.VERSION, List.of()),
                target,
                new Configuration(),
                clock,
                "run",
                Step.Listener.NONE);
    }

    @Test
    void fiveHundredTablesOfTenYearsAreAFileOfAFewKilobytes() throws Exception {
        LastDates last = new LastDates(lake);
        for (int table = 0; table < 500; table++) {
            last.replace("gold.t" + table, freshness(TODAY.minusDays(3649), 3650));
        }
        assertThat(last.rows()).hasSize(500 * LastDates.KEPT);
        byte[] file = OpsRow.file(OpsTables.LAST_DATES, last.rows());
        assertThat(file).hasSizeLessThan(200_000);

        Files.write(folder.resolve("part-00000.avro"), file);
        LastDates read = new LastDates(lake);
        read.readLastDates(new Folder(folder.toUri().toString(), 0));
        assertThat(shown(read)).isEqualTo(shown(last));
    }

    @Test
    void datesThatAreYetToComeTakeNoOtherDatesPlace() {
        LastDates last = new LastDates(lake);
        last.replace("raw.a", freshness(TODAY.minusDays(20), 60));
        assertThat(shown(last))
                .hasSize(2 * LastDates.KEPT)
                .startsWith("raw.a 2024-01-02 fresh")
                .contains("raw.a 2024-01-15 fresh")
                .endsWith("raw.a 2024-01-29 fresh");
    }

    private static List<OpsRow> freshness(LocalDate first, int dates) {
        List<OpsRow> rows = new ArrayList<>();
        for (int day = 0; day < dates; day++) {
            rows.add(new OpsRow().set("date", first.plusDays(day)).set("status", "fresh"));
        }
        return rows;
    }

    private static List<String> shown(LastDates last) {
        return last.rows().stream()
                .map(row -> row.get("table_name") + " " + row.get("date") + " " + row.get("status"))
                .toList();
    }
}
