package dev.igarape.jobs.daily;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.Expectation;
import dev.igarape.model.error.LakeException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Steps of a table of minutes in intervals of a quarter of an hour, which compute just the minutes that have changed. Its input
 * tells them by the second.
 */
final class DatePatchTest extends ClicksTestBase {
    private static Commit head(Lake lake) throws Exception {
        return lake.ledger(QUARTERS).commit(lake.ledger(QUARTERS).read().head());
    }

    private static TimeRange minutes(String from, String until) {
        return new TimeRange(Instant.parse(DATE + "T" + from + ":00Z"), Instant.parse(DATE + "T" + until + ":00Z"));
    }

    @Test
    void aStepReadsTheMinutesThatHaveChangedAndKeepsTheOthers() throws Exception {
        Lake lake = clicks.openMinutes(NOON);
        for (int minute = 0; minute < 10; minute += 2) {
            clicks.click(lake, "ana", "10:0" + minute + ":30");
            clicks.build(lake, WINDOWS, QUARTERS);
        }
        clicks.click(lake, "bia", "10:02:31");
        clicks.click(lake, "bia", "10:09:00");
        clicks.build(lake, WINDOWS);

        // Row groups of the input are skipped by their times, and each of its steps has left one.
        assertThat(rowsRead(() -> clicks.build(lake, QUARTERS))).isEqualTo(1 + 2);

        assertThat(head(lake).partitions())
                .extracting(PartitionVersion::interval)
                .containsExactly(Optional.of("10:00"));
        assertThat(head(lake).dates().get(0).changed())
                .containsExactly(minutes("10:02", "10:03"), minutes("10:09", "10:10"));
        assertThat(head(lake).balance()).isEqualTo(Balance.landed(7, 7, 0));
        assertThat(head(lake).computed()).isEqualTo(Balance.landed(3, 3, 0));
        assertThat(clicks.shown(lake, QUARTERS))
                .containsExactly(
                        "10:00 ana 1",
                        "10:02 ana 1",
                        "10:02 bia 1",
                        "10:04 ana 1",
                        "10:06 ana 1",
                        "10:08 ana 1",
                        "10:09 bia 1");
    }

    @Test
    void whatSeveralStepsOfTheInputHaveChangedIsComputed() throws Exception {
        Lake lake = clicks.openMinutes(NOON);
        for (int minute = 0; minute < 5; minute++) {
            clicks.click(lake, "ana", "10:0" + minute + ":30");
        }
        clicks.build(lake, WINDOWS, QUARTERS);
        for (String time : new String[] {"10:01:00", "10:03:00", "10:14:59"}) {
            clicks.click(lake, "bia", time);
            clicks.build(lake, WINDOWS);
        }
        clicks.build(lake, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS))
                .containsExactly(
                        "10:00 ana 1",
                        "10:01 ana 1",
                        "10:01 bia 1",
                        "10:02 ana 1",
                        "10:03 ana 1",
                        "10:03 bia 1",
                        "10:04 ana 1",
                        "10:14 bia 1");
    }

    @Test
    void aMinuteThatHasNoRowsAnyMoreIsGone() throws Exception {
        Lake lake = clicks.openMinutes(NOON);
        for (String time : new String[] {"10:00:30", "10:05:00"}) {
            clicks.click(lake, "ana", time);
            clicks.build(lake, WINDOWS, QUARTERS);
        }
        clicks.click(lake, "ana", "10:05:01", -1);
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 ana 1");

        clicks.click(lake, "ana", "10:00:31", -1);
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).isEmpty();
    }

    @Test
    void refusedRowsHaveTheirWholeIntervalComputed() throws Exception {
        Expectation few = new Expectation("few", "clicks < 10", Expectation.Action.QUARANTINE);
        Lake lake = clicks.openMinutes(NOON, few);
        clicks.click(lake, "ana", "10:00:30");
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "bia", "10:05:00", 10);
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "ana", "10:06:00");
        clicks.build(lake, WINDOWS, QUARTERS);

        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 ana 1", "10:06 ana 1");
        assertThat(lake.ledger(QUARTERS).read().quarantineOf(DATE))
                .extracting(placed -> placed.partition().rows())
                .containsExactly(1L);
        assertThat(head(lake).dates().get(0).changed()).isEmpty();

        clicks.click(lake, "bia", "10:05:01", -1);
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 ana 1", "10:05 bia 9", "10:06 ana 1");
        assertThat(lake.ledger(QUARTERS).read().quarantineOf(DATE)).isEmpty();
    }

    @Test
    void droppedRowsAreCountedWhereTheyAreComputed() throws Exception {
        Expectation few = new Expectation("few", "clicks < 10", Expectation.Action.DROP);
        Lake lake = clicks.openMinutes(NOON, few);
        clicks.click(lake, "ana", "10:00:30");
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "bia", "10:05:00", 10);
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(head(lake).balance()).isEqualTo(new Balance(2, 1, 0, 1, 0, 0, 0));
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 ana 1");

        clicks.click(lake, "bia", "10:05:01", -1);
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(head(lake).balance()).isEqualTo(Balance.landed(2, 2, 0));
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 ana 1", "10:05 bia 9");
    }

    /** Of an interval the minutes that have changed are computed, of the other one all. */
    @Test
    void aRowThatMustNotBeKeepsTheOldVersionOfAllIntervals() throws Exception {
        Expectation few = new Expectation("few", "clicks < 10", Expectation.Action.FAIL);
        Lake lake = clicks.openMinutes(NOON, few);
        clicks.click(lake, "ana", "10:00:30");
        clicks.click(lake, "ana", "10:20:00");
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "bia", "10:05:00", 10);
        for (int minute = 20; minute < 28; minute++) {
            clicks.send(ClicksLake.event("caio", "10:" + minute + ":00", 1));
        }
        clicks.land(lake);
        clicks.build(lake, WINDOWS);

        assertThatThrownBy(() -> clicks.build(lake, QUARTERS))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("few (clicks < 10): 1 rows");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 ana 1", "10:20 ana 1");
        assertThat(lake.ledger(QUARTERS).read().head()).isEqualTo(1);

        clicks.click(lake, "bia", "10:05:01", -1);
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).hasSize(11).contains("10:05 bia 9");
    }

    @Test
    void refusedRowsOfOneIntervalAreReplacedThoughOnlyAPartOfAnotherHasChanged() throws Exception {
        Expectation few = new Expectation("few", "clicks < 10", Expectation.Action.QUARANTINE);
        Lake lake = clicks.openMinutes(NOON, few);
        clicks.click(lake, "ana", "10:00:30");
        clicks.click(lake, "bia", "10:20:00", 10);
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "ana", "10:05:00");
        clicks.click(lake, "bia", "10:20:01", -1);
        clicks.build(lake, WINDOWS, QUARTERS);

        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 ana 1", "10:05 ana 1", "10:20 bia 9");
        assertThat(lake.ledger(QUARTERS).read().quarantineOf(DATE)).isEmpty();
    }
}
