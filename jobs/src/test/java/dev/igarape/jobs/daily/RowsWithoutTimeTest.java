package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NEXT_DAY;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.quarantine.Quarantine;
import dev.igarape.jobs.replay.Replay;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.job.PlannedIntervals;
import dev.igarape.model.job.QuarantineCount;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows without a time, or refused ones of another time, in tables that have a column of times: they go to quarantine. */
final class RowsWithoutTimeTest extends ClicksTestBase {
    private static final String EVENTS =
            " FROM (SELECT from_json(value, 'user string, at bigint, n bigint') AS e, timestamp FROM raw.clicks)";
    private static final String EACH = "SELECT timestamp_millis(e.at) AS started, e.user, e.n AS clicks" + EVENTS;
    /** Puts rows together, and falls into cells. */
    private static final String DISTINCT =
            "SELECT DISTINCT timestamp_millis(e.at) AS started, e.user, e.n AS clicks" + EVENTS;

    private static final Optional<Duration> FIVE_MINUTES = Optional.of(Duration.ofMinutes(5));
    private static final int INTERVALS = 24 * 12;

    private Lake open(String now, String sql, Optional<Duration> interval, Expectation... expectations)
            throws Exception {
        return clicks.open(now, Step.Listener.NONE, ClicksLake.windowsOf(sql, interval, expectations));
    }

    @Test
    void ofADateInOnePieceAreKeptBesideIt() throws Exception {
        Lake lake = open(NEXT_DAY, EACH, Optional.empty());
        clicks.click(lake, "ana", "10:00:00");
        clicks.clickWithoutTime(lake, "bia", "10:07:00");
        clicks.build(lake, WINDOWS);
        assertThat(head(lake).balance()).isEqualTo(Balance.landed(2, 1, 1));

        clicks.clickWithoutTime(lake, "caio", "10:08:00");
        clicks.click(lake, "dora", "10:09:00");
        clicks.build(lake, WINDOWS);

        assertThat(head(lake).balance()).isEqualTo(Balance.landed(4, 2, 2));
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "10:09 dora 1");
        assertThat(refused(lake)).containsExactly("all 2");
        assertThat(new Quarantine(lake).counts(lake.table(WINDOWS)))
                .extracting(QuarantineCount::rule)
                .containsExactly("has_time");
    }

    @Test
    void areAddedToThoseOfTheDateWhereRowsAre() throws Exception {
        Lake lake = open(NOON, EACH, FIVE_MINUTES);
        clicks.click(lake, "ana", "10:00:00");
        clicks.clickWithoutTime(lake, "bia", "10:07:00");
        clicks.build(lake, WINDOWS);
        assertThat(refused(lake)).containsExactly("all 1");
        clicks.click(lake, "caio", "10:01:00");
        clicks.clickWithoutTime(lake, "dora", "10:20:00");

        assertThat(rowsRead(() -> clicks.build(lake, WINDOWS)))
                .isGreaterThanOrEqualTo(2)
                .isLessThan(6);

        assertThat(head(lake).partitions())
                .extracting(PartitionVersion::interval)
                .containsExactly(Optional.of("10:00"));
        assertThat(head(lake).balance()).isEqualTo(Balance.landed(4, 2, 2));
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "10:01 caio 1");
        assertThat(refused(lake)).containsExactly("all 2");
        assertThat(local.partitions(
                        clicks.database(WINDOWS.quarantine()),
                        WINDOWS.quarantine().name()))
                .extracting(Partition::getValues)
                .containsExactly(List.of(DATE.toString(), "all"));

        clicks.clickWithoutTime(lake, "elis", "10:30:00");
        assertThat(clicks.build(lake, WINDOWS))
                .as("other rows of the date stand")
                .flatExtracting(TableRun::warnings)
                .isEmpty();
        assertThat(refused(lake)).containsExactly("all 3");
    }

    @Test
    void haveTheWholeDateComputedWhereRowsArePutTogether() throws Exception {
        Lake lake = open(NOON, DISTINCT, FIVE_MINUTES);
        clicks.click(lake, "ana", "10:00:00");
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "ana", "10:01:00");
        clicks.build(lake, WINDOWS);
        assertThat(head(lake).partitions()).hasSize(1);
        assertThat(refused(lake)).isEmpty();

        clicks.clickWithoutTime(lake, "bia", "10:02:00");
        clicks.click(lake, "caio", "10:20:00");
        clicks.build(lake, WINDOWS);
        assertThat(head(lake).partitions()).hasSize(INTERVALS);
        assertThat(head(lake).balance()).isEqualTo(Balance.landed(4, 3, 1));
        assertThat(refused(lake)).containsExactly("all 1");

        // Of a step that computes 10:20 alone, nothing would tell whether the row is still to be refused.
        clicks.click(lake, "dora", "10:21:00");
        assertThat(new Planner(lake).plan(List.of(WINDOWS)))
                .singleElement()
                .satisfies(planned -> assertThat(planned.intervals())
                        .contains(new PlannedIntervals(INTERVALS, Optional.of(INTERVALS))));
        clicks.build(lake, WINDOWS);
        assertThat(refused(lake)).containsExactly("all 1");
        List<String> rows = List.of("10:00 ana 1", "10:01 ana 1", "10:20 caio 1", "10:21 dora 1");
        assertThat(clicks.shown(lake, WINDOWS)).isEqualTo(rows);
        assertThat(verify(lake)).isEmpty();

        Lake mended = open(
                NOON,
                DISTINCT.replace("timestamp_millis(e.at)", "coalesce(timestamp_millis(e.at), timestamp)"),
                FIVE_MINUTES);
        assertThat(replay(mended)).extracting(TableRun::outcome).containsExactly(TableRun.Outcome.COMMITTED);
        assertThat(refused(mended)).isEmpty();
        assertThat(clicks.shown(mended, WINDOWS)).hasSize(5).containsAll(rows).contains("10:02 bia 1");
        clicks.click(mended, "dora", "10:22:00");
        clicks.build(mended, WINDOWS);
        assertThat(head(mended).partitions()).as("computed by intervals again").hasSize(1);
    }

    /** Without the rule, a row of tomorrow refuses the build. */
    @Test
    void refusedRowsOfAnotherDateNeedNoPlaceInThisOne() throws Exception {
        Expectation few = new Expectation("few", "clicks < 10", Expectation.Action.QUARANTINE);
        String tomorrow =
                "SELECT timestamp_millis(e.at) + make_dt_interval(CAST(e.n DIV 10 AS INT)) AS started, e.user,"
                        + " e.n AS clicks" + EVENTS;
        Lake lake = open(NOON, tomorrow, FIVE_MINUTES, few);
        clicks.click(lake, "ana", "10:00:00");
        clicks.click(lake, "bia", "10:07:00", 10);
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "caio", "10:08:00", 11);
        clicks.build(lake, WINDOWS);

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1");
        assertThat(refused(lake)).containsExactly("all 2");
    }

    /** A step of the interval that such a row names would not read the input row that it is made of. */
    @ParameterizedTest
    @ValueSource(strings = {"SELECT", "SELECT DISTINCT"})
    void refusedRowsOfAnotherIntervalAreKeptForTheDate(String select) throws Exception {
        Expectation few = new Expectation("few", "clicks < 10", Expectation.Action.QUARANTINE);
        String later = select
                + " timestamp_millis(e.at) + make_dt_interval(0, CAST(e.n DIV 10 AS INT)) AS started, e.user,"
                + " e.n AS clicks" + EVENTS;
        Lake lake = open(NOON, later, FIVE_MINUTES, few);
        clicks.click(lake, "ana", "10:00:00");
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "bia", "10:07:00", 10);
        clicks.build(lake, WINDOWS);
        assertThat(refused(lake)).containsExactly("all 1");

        clicks.click(lake, "caio", "11:06:00");
        clicks.build(lake, WINDOWS);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "11:06 caio 1");
        assertThat(refused(lake)).containsExactly("all 1");
        assertThat(verify(lake)).isEmpty();
    }

    @Test
    void areRefusedOnceWhereALookbackReadsThemAgain() throws Exception {
        LocalDate next = DATE.plusDays(1);
        Table table = new Table(
                WINDOWS,
                "",
                new DailyDefinition(EACH, Optional.of("started"), FIVE_MINUTES),
                Map.of(),
                List.of(new Input(ClicksLake.RAW, 0, Optional.of(Duration.ofMinutes(10)))),
                List.of(),
                "forever",
                "lookback");
        Lake lake = clicks.open(NEXT_DAY, Step.Listener.NONE, table);
        clicks.clickWithoutTime(lake, "bia", "23:58:00");
        clicks.send(ClicksLake.event(next, "ana", "00:02:00", 1));
        clicks.land(lake);
        clicks.build(lake, List.of(DATE, next), WINDOWS);
        assertThat(refused(lake)).containsExactly("all 1");
        assertThat(lake.ledger(WINDOWS).read().quarantineOf(next)).isEmpty();

        clicks.send(ClicksLake.event(next, "caio", "00:03:00", 1));
        clicks.land(lake);
        clicks.build(lake, List.of(next), WINDOWS);
        assertThat(head(lake).partitions())
                .extracting(PartitionVersion::interval)
                .first()
                .isEqualTo(Optional.of("00:00"));
        assertThat(head(lake).partitions()).hasSizeLessThan(INTERVALS);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("00:02 ana 1", "00:03 caio 1");
    }

    private static Commit head(Lake lake) throws Exception {
        return lake.ledger(WINDOWS).commit(lake.ledger(WINDOWS).read().head());
    }

    /** Interval and number of the rows of each partition in quarantine. */
    private static List<String> refused(Lake lake) throws Exception {
        return lake.ledger(WINDOWS).read().quarantineOf(DATE).stream()
                .map(placed -> placed.partition().interval().orElse("all") + " "
                        + placed.partition().rows())
                .sorted()
                .toList();
    }

    private static List<String> verify(Lake lake) throws Exception {
        Table table = lake.table(WINDOWS);
        RunContext context = new RunContext(lake, Publishing.NONE, local::spark, new Resources());
        return BuiltInKinds.ALL.of(table).verify(context, table, DATE);
    }

    private static List<TableRun> replay(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Replay(lake, publisher, local::spark).run(lake.table(WINDOWS));
        }
    }
}
