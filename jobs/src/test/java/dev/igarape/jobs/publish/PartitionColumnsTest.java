package dev.igarape.jobs.publish;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NEXT_DAY;
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
import dev.igarape.model.Table;
import dev.igarape.model.job.PlannedDate;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.junit.jupiter.api.Test;

/** Tables that turn from whole dates to intervals and back. */
final class PartitionColumnsTest extends ClicksTestBase {
    private static final int INTERVALS = 24 * 12;

    @Test
    void wholeDatesGetIntervalsAndLoseThemAgain() throws Exception {
        Lake whole = clicks.open(NEXT_DAY, Step.Listener.NONE, wholeWindows());
        clicks.click(whole, "ana", "10:00:30");
        clicks.click(whole, "bia", "10:07:00");
        clicks.build(whole, WINDOWS);
        List<String> rows = clicks.shown(whole, WINDOWS);
        assertThat(rows).containsExactly("10:00 ana 1", "10:07 bia 1");
        assertThat(columns()).containsExactly("date");

        Lake intervals = clicks.open(NEXT_DAY);
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

    /** A reader that has listed the date in one piece would miss what goes to partitions that it does not know. */
    @Test
    void todayGetsIntervalsWithoutRowsAndIsBuiltByThemLater() throws Exception {
        Lake whole = clicks.open(NOON, Step.Listener.NONE, eachClick(Optional.empty()));
        clicks.click(whole, "ana", "10:00:30");
        clicks.build(whole, WINDOWS);

        Lake noon = clicks.open(NOON, Step.Listener.NONE, eachClick(Optional.of(Duration.ofMinutes(5))));
        clicks.build(noon, WINDOWS);
        assertThat(clicks.partitions(WINDOWS)).hasSize(INTERVALS + 1);
        clicks.click(noon, "bia", "10:07:00");
        clicks.build(noon, WINDOWS);
        assertThat(placed(noon)).containsExactly(Optional.empty());

        Lake later =
                clicks.open("2024-01-01T12:10:00Z", Step.Listener.NONE, eachClick(Optional.of(Duration.ofMinutes(5))));
        clicks.click(later, "caio", "10:08:00");
        clicks.build(later, WINDOWS);
        assertThat(placed(later)).hasSize(INTERVALS).allMatch(Optional::isPresent);
        clicks.click(later, "caio", "10:09:00");
        clicks.build(later, WINDOWS);
        assertThat(later.ledger(WINDOWS).commit(4).partitions()).hasSize(INTERVALS + 1);
        assertThat(later.ledger(WINDOWS).commit(5).partitions()).hasSize(1);
        assertThat(clicks.shown(later, WINDOWS))
                .containsExactly("10:00 ana 1", "10:07 bia 1", "10:08 caio 1", "10:09 caio 1");
    }

    /** Nor does midnight tell a reader of them. */
    @Test
    void aDateThatEndsMeanwhileIsBuiltByItsIntervalsNoSooner() throws Exception {
        Lake whole = clicks.open("2024-01-01T23:50:00Z", Step.Listener.NONE, wholeWindows());
        clicks.click(whole, "ana", "10:00:30");
        clicks.build(whole, WINDOWS);
        clicks.build(clicks.open("2024-01-01T23:58:00Z"), WINDOWS);

        Lake midnight = clicks.open("2024-01-02T00:00:05Z");
        clicks.click(midnight, "bia", "10:07:00");
        clicks.build(midnight, WINDOWS);
        assertThat(placed(midnight)).containsExactly(Optional.empty());

        Lake later = clicks.open("2024-01-02T00:08:00Z");
        clicks.click(later, "caio", "10:08:00");
        clicks.build(later, WINDOWS);
        assertThat(placed(later)).hasSize(INTERVALS).allMatch(Optional::isPresent);
        assertThat(clicks.shown(later, WINDOWS)).containsExactly("10:00 ana 1", "10:07 bia 1", "10:08 caio 1");
    }

    private static Table eachClick(Optional<Duration> interval) {
        return ClicksLake.windowsOf(
                "SELECT timestamp_millis(e.at) AS started, e.user, e.n AS clicks FROM"
                        + " (SELECT from_json(value, 'user string, at bigint, n bigint') AS e FROM raw.clicks)",
                interval);
    }

    /** The intervals of partitions that hold the date. */
    private static List<Optional<String>> placed(Lake lake) throws Exception {
        return lake.ledger(WINDOWS).read().partitionsOf(DATE).stream()
                .map(placed -> placed.partition().interval())
                .toList();
    }

    /** A clock that is wrong, and an event of any date, make no partitions for all the days until then. */
    @Test
    void laterDatesAreInOnePieceUntilTheyCome() throws Exception {
        Lake lake = clicks.open(NOON);
        List<LocalDate> dates = DATE.datesUntil(DATE.plusDays(5)).toList();
        for (LocalDate date : dates) {
            clicks.send(ClicksLake.event(date, "ana", "10:00:30", 1));
        }
        clicks.land(lake);
        clicks.build(lake, dates, WINDOWS);
        assertThat(clicks.partitions(WINDOWS)).hasSize(2 * (INTERVALS + 1) + 3);

        LocalDate third = dates.get(2);
        for (String now : List.of("T10:00:00Z", "T10:10:00Z")) {
            Lake then = clicks.open(third + now);
            clicks.send(ClicksLake.event(third, "bia", now.substring(1, 8) + "0", 1));
            clicks.land(then);
            clicks.build(then, List.of(third), WINDOWS);
        }
        assertThat(lake.ledger(WINDOWS).read().partitionsOf(third)).hasSize(INTERVALS);
        assertThat(clicks.partitions(WINDOWS)).hasSize(3 * (INTERVALS + 1) + 2);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly(
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:00 ana 1",
                        "10:00 bia 1",
                        "10:10 bia 1");
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
