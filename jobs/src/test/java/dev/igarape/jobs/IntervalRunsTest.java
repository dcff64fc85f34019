package dev.igarape.jobs;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NEXT_DAY;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.RAW;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.DateRange;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs of tables with intervals, as {@code ./lake run} and Airflow's tasks ask for them. */
final class IntervalRunsTest extends ClicksTestBase {
    /** Not over. */
    private static final LocalDate TODAY = DATE.plusDays(1);

    @Test
    void aRangeADateAndWhatIsDueAreBuiltWhereRowsHaveCome() throws Exception {
        Lake lake = clicks.open(NEXT_DAY);
        clicks.send(ClicksLake.event("ana", "10:00:30", 1), today("bia", "09:00:00"));
        run(lake, new DateRange(DATE, TODAY.plusDays(1)));
        assertThat(lake.ledger(WINDOWS).read().partitionsOf(DATE)).hasSize(1);
        assertThat(lake.ledger(WINDOWS).read().partitionsOf(TODAY)).hasSize(24 * 12);

        clicks.send(today("caio", "09:06:00"));
        run(lake, DateRange.of(TODAY));
        assertThat(written(lake)).containsExactly("2024-01-02 09:05");

        clicks.send(ClicksLake.event("ana", "10:20:00", 1), today("bia", "10:00:00"));
        clicks.land(lake);
        assertThat(runDue(lake))
                .extracting(run -> run.table() + " " + run.date().orElseThrow() + " " + run.outcome())
                .containsExactlyInAnyOrder(
                        "trusted.windows 2024-01-01 COMMITTED",
                        "trusted.windows 2024-01-02 COMMITTED",
                        "gold.quarters 2024-01-01 COMMITTED",
                        "gold.quarters 2024-01-02 COMMITTED");
        assertThat(written(lake)).containsExactlyInAnyOrder("2024-01-01 all", "2024-01-02 10:00");
        assertThat(runDue(lake)).isEmpty();

        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly("09:00 bia 1", "09:06 caio 1", "10:00 ana 1", "10:00 bia 1", "10:20 ana 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("09:00 2", "10:00 1", "10:00 1", "10:15 1");
    }

    private static String today(String user, String time) {
        long at = Instant.parse(TODAY + "T" + time + "Z").toEpochMilli();
        return "{\"user\":\"" + user + "\",\"at\":" + at + ",\"n\":1}";
    }

    private static void run(Lake lake, DateRange dates) throws Exception {
        try (TableRunner runner = new TableRunner(lake, local::spark)) {
            assertThat(runner.run(List.of(RAW, WINDOWS, QUARTERS), dates, RunOptions.NONE))
                    .extracting(TableRun::outcome)
                    .containsOnly(TableRun.Outcome.COMMITTED);
        }
    }

    private static List<TableRun> runDue(Lake lake) throws Exception {
        try (TableRunner runner = new TableRunner(lake, local::spark)) {
            return runner.runDue(List.of(RAW, WINDOWS, QUARTERS), Optional.empty(), BuildOverrides.NOTHING);
        }
    }

    /** What the last commit has written: date and interval of each partition. */
    private static List<String> written(Lake lake) throws IOException {
        return lake.ledger(WINDOWS).commit(lake.ledger(WINDOWS).read().head()).partitions().stream()
                .map(partition -> partition.date() + " " + partition.interval().orElse("all"))
                .toList();
    }
}
