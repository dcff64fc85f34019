package dev.igarape.jobs.publish;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static dev.igarape.jobs.testing.ClicksLake.wholeWindows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Clean;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.job.PlannedDate;
import java.util.List;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.junit.jupiter.api.Test;

/** Tables that turn from whole dates to intervals and back. */
final class PartitionColumnsTest extends ClicksTestBase {
    @Test
    void wholeDatesGetIntervalsAndLoseThemAgain() throws Exception {
        Lake whole = clicks.open(NOON, Step.Listener.NONE, wholeWindows());
        clicks.click(whole, "ana", "10:00:30");
        clicks.click(whole, "bia", "10:07:00");
        clicks.build(whole, WINDOWS);
        List<String> rows = clicks.shown(whole, WINDOWS);
        assertThat(rows).containsExactly("10:00 ana 1", "10:07 bia 1");
        assertThat(columns()).containsExactly("date");

        Lake intervals = clicks.open(NOON);
        assertThat(new Planner(intervals).plan(List.of(WINDOWS)))
                .flatExtracting(PlannedDate::reasons)
                .containsExactly("its definition has changed");
        clicks.build(intervals, WINDOWS);
        assertThat(clicks.shown(intervals, WINDOWS)).isEqualTo(rows);
        assertThat(columns()).containsExactly("date", "interval");
        assertThat(values()).containsExactly(List.of(DATE.toString(), "all"));

        assertThat(new Planner(whole).plan(List.of(WINDOWS)))
                .flatExtracting(PlannedDate::reasons)
                .containsExactly("its definition has changed");
        clicks.build(whole, WINDOWS);
        assertThat(clicks.shown(whole, WINDOWS)).isEqualTo(rows);
        assertThat(columns()).containsExactly("date");
    }

    @Test
    void aDateByIntervalKeepsItsPartitionsUntilTheyAreCleanedAway() throws Exception {
        Lake intervals = clicks.open(NOON);
        clicks.click(intervals, "ana", "10:00:30");
        clicks.build(intervals, WINDOWS);
        List<String> rows = clicks.shown(intervals, WINDOWS);

        Lake whole = clicks.open(NOON, Step.Listener.NONE, wholeWindows());
        clicks.build(whole, WINDOWS);
        assertThat(clicks.shown(whole, WINDOWS)).isEqualTo(rows);
        assertThat(columns()).containsExactly("date", "interval");

        Lake later = clicks.open("2024-01-09T12:00:00Z", Step.Listener.NONE, wholeWindows());
        try (Publisher publisher = later.publisher()) {
            new Clean(later, publisher, Clean.KEPT, TestingSpark.UNUSED).run(later.table(WINDOWS), false);
        }
        assertThat(clicks.shown(later, WINDOWS)).isEqualTo(rows);
        assertThat(columns()).containsExactly("date");
    }

    @Test
    void aDeathWhileTheTableIsReplacedIsMadeUpForByTheNextRun() throws Exception {
        Lake whole = clicks.open(NOON, Step.Listener.NONE, wholeWindows());
        clicks.click(whole, "ana", "10:00:30");
        clicks.build(whole, WINDOWS);
        List<String> rows = clicks.shown(whole, WINDOWS);

        Lake dying = clicks.open(NOON, Killed.at(Step.ALTERED), ClicksLake.windows());
        assertThatThrownBy(() -> clicks.build(dying, WINDOWS)).isInstanceOf(Killed.class);
        assertThat(tables()).as("readers get an error, and no wrong rows").doesNotContain("windows");

        Lake lake = clicks.open(NOON);
        clicks.build(lake, WINDOWS);
        assertThat(clicks.shown(lake, WINDOWS)).isEqualTo(rows);
        assertThat(columns()).containsExactly("date", "interval");
        assertThat(tables()).containsExactly("windows");
    }

    private List<String> tables() throws Exception {
        return local.metastore().getAllTables(clicks.database(WINDOWS));
    }

    private List<String> columns() throws Exception {
        return local.metastore().getTable(clicks.database(WINDOWS), WINDOWS.name()).getPartitionKeys().stream()
                .map(FieldSchema::getName)
                .toList();
    }

    private List<List<String>> values() throws Exception {
        return clicks.partitions(WINDOWS).stream()
                .map(partition -> partition.getValues())
                .toList();
    }
}
