package dev.igarape.jobs.maintenance;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.RAW;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.model.job.MaintenanceAction;
import dev.igarape.model.job.PlannedDate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Batches of a landing that are merged while more of them come. */
final class FoldLandedTest extends ClicksTestBase {
    private static final FoldLanded.Limits LIMITS =
            new FoldLanded.Limits(4, Duration.ofMinutes(5), Duration.ofMinutes(5), Duration.ofMinutes(10), 8);

    @Test
    void mergesBatchesOfTimesThatFollowEachOtherAndNothingBecomesStale() throws Exception {
        Lake lake = clicks.open("2024-01-01T10:05:00Z");
        clicks.click(lake, "ana", "10:03:00");
        clicks.click(lake, "ana", "10:01:00");
        clicks.send(ClicksLake.event("bia", "07:00:00", 1), ClicksLake.event("bia", "10:02:00", 1));
        clicks.land(lake);
        clicks.build(lake, WINDOWS);
        assertThat(fold(lake)).as("of a wide range: a kind of its own").isEmpty();
        clicks.click(lake, "ana", "10:02:00");
        assertThat(fold(lake)).isEmpty();
        clicks.click(lake, "caio", "10:04:00");

        assertThat(fold(lake))
                .singleElement()
                .satisfies(action -> assertThat(action.what()).isEqualTo("merged 4 partitions"));

        List<CurrentPartition> placed = lake.ledger(RAW).read().partitionsOf(DATE);
        assertThat(placed).hasSize(2);
        assertThat(placed.get(1).partition().times())
                .contains(TimeRange.ofMillis(
                        Instant.parse("2024-01-01T10:01:00Z").toEpochMilli(),
                        Instant.parse("2024-01-01T10:04:00Z").toEpochMilli()));
        assertThat(placed.get(1).rowsByCommit().commits()).hasToString("1-2,4-5");
        assertThat(placed.get(1).partition().files()).isEqualTo(1);
        clicks.build(lake, WINDOWS);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly(
                        "07:00 bia 1", "10:01 ana 1", "10:02 ana 1", "10:02 bia 1", "10:03 ana 1", "10:04 caio 1");
        assertThat(lake.ledger(WINDOWS).commit(2).partitions())
                .as("the commits that were merged unread are known by their own times")
                .hasSize(1);
        assertThat(clicks.build(lake, WINDOWS)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void countsRowsOfMergedBatchesThatWereReadInPart() throws Exception {
        Lake lake = clicks.open("2024-01-01T10:05:00Z");
        clicks.click(lake, "ana", "10:01:00");
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "ana", "10:02:00");
        clicks.send(ClicksLake.event("bia", "10:02:30", 1), ClicksLake.event("caio", "10:02:40", 1));
        clicks.land(lake);
        clicks.click(lake, "ana", "10:03:00");
        assertThat(fold(lake)).hasSize(1);

        assertThat(lake.ledger(RAW).read().partitionsOf(DATE))
                .singleElement()
                .satisfies(placed -> assertThat(placed.rowsByCommit()).hasToString("{1-4=5}"));
        assertThat(new Planner(lake).plan(Set.of(WINDOWS))).singleElement().satisfies(planned -> {
            assertThat(planned.rows()).isEqualTo(4);
            assertThat(planned.reasons()).containsExactly("raw.clicks has commits 2-4 with 4 rows");
        });
        clicks.build(lake, WINDOWS);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly("10:01 ana 1", "10:02 ana 1", "10:02 bia 1", "10:02 caio 1", "10:03 ana 1");
        assertThat(new Planner(lake).plan(Set.of(WINDOWS)))
                .extracting(PlannedDate::status)
                .containsExactly(PlannedDate.Status.FRESH);
    }

    @Test
    void mergesFewBatchesOnceTheyAreOld() throws Exception {
        Lake lake = clicks.open("2024-01-01T10:05:00Z");
        clicks.click(lake, "ana", "10:03:00");
        clicks.click(lake, "ana", "10:03:01");
        assertThat(fold(clicks.open("2024-01-01T10:09:00Z"))).isEmpty();
        assertThat(fold(clicks.open("2024-01-01T10:10:01Z"))).hasSize(1);
        assertThat(fold(clicks.open("2024-01-01T10:20:01Z"))).isEmpty();
    }

    @Test
    void theNumberOfPartitionsDoesNotGrowWithTheNumberOfBatches() throws Exception {
        int most = 0;
        int mostWithRows = 0;
        Instant start = Instant.parse("2024-01-01T10:00:00Z");
        for (int minute = 0; minute < 48; minute++) {
            Instant now = start.plus(Duration.ofMinutes(minute));
            Lake lake = clicks.open(now.toString());
            clicks.click(lake, "ana", now.toString().substring(11, 19));
            fold(lake);
            LedgerState state = lake.ledger(RAW).read();
            most = Math.max(most, state.partitions().size());
            mostWithRows = Math.max(mostWithRows, state.partitionsOf(DATE).size());
            assertThat(state.partitionsOf(DATE).stream()
                            .mapToLong(placed -> placed.partition().rows())
                            .sum())
                    .isEqualTo(minute + 1);
        }
        // Of each of three sizes up to three that wait for a fourth; and those emptied in the last ten minutes, and
        // before
        // that until they are eight.
        assertThat(mostWithRows).isLessThanOrEqualTo(10);
        assertThat(most).isLessThanOrEqualTo(10 + 10 + 8);
        assertThat(clicks.partitions(RAW)).hasSizeLessThanOrEqualTo(10 + 10 + 8);
    }

    private static List<MaintenanceAction> fold(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new FoldLanded(lake, publisher, LIMITS).run(lake.table(RAW));
        }
    }
}
