package dev.igarape.jobs.maintenance;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.NEXT_DAY;
import static dev.igarape.jobs.testing.ClicksLake.NOON;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.RAW;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.TableName;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Maintenance of tables that are built by intervals, on a real metastore. */
final class IntervalTablesTest extends ClicksTestBase {
    private static final int INTERVALS = 24 * 12;

    @Test
    void rollbackShowsTheOlderVersionOfAllIntervalsAndOnlyThoseThatDifferAreBuiltAgain() throws Exception {
        Lake lake = clicks.open(NOON);
        clicks.click(lake, "ana", "10:00:30");
        clicks.click(lake, "bia", "10:07:00");
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "ana", "10:20:00");
        clicks.click(lake, "ana", "10:06:59");
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 3", "10:15 1");

        assertThat(rollback(lake, Optional.empty()))
                .singleElement()
                .satisfies(action -> assertThat(action.what()).isEqualTo("rolled back from commit 2 to commit 1"));

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "10:07 bia 1");
        assertThat(clicks.partitions(WINDOWS)).hasSize(INTERVALS + 1);
        clicks.build(lake, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 2");
        assertThat(intervals(lake.ledger(QUARTERS).commit(3))).containsExactly("10:00", "10:15");
        assertThat(clicks.build(lake, QUARTERS)).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.UNCHANGED);

        rollback(lake, Optional.of(2L));
        clicks.click(lake, "caio", "23:00:00");
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, WINDOWS))
                .containsExactly("10:00 ana 1", "10:06 ana 1", "10:07 bia 1", "10:20 ana 1", "23:00 caio 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 3", "10:15 1", "23:00 1");
        assertThat(intervals(lake.ledger(WINDOWS).commit(5))).containsExactly("23:00");

        rollback(lake, Optional.empty());
        assertThat(clicks.shown(lake, WINDOWS))
                .as("what was shown before the last build, which was not the build before")
                .containsExactly("10:00 ana 1", "10:06 ana 1", "10:07 bia 1", "10:20 ana 1");
    }

    @Test
    void rollbackBringsRowsBackThatHadGone() throws Exception {
        Lake lake = clicks.open(NOON);
        clicks.click(lake, "ana", "10:00:30");
        clicks.build(lake, WINDOWS, QUARTERS);
        clicks.click(lake, "ana", "10:00:31", -1);
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).isEmpty();

        rollback(lake, Optional.empty());
        clicks.build(lake, QUARTERS);

        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 1");
    }

    @Test
    void rollbackFindsTheIntervalsThatCompactionHasMoved() throws Exception {
        Lake noon = clicks.open(NOON);
        clicks.click(noon, "ana", "10:00:30");
        clicks.build(noon, WINDOWS);
        Lake lake = clicks.open(NEXT_DAY);
        compact(lake, WINDOWS);
        clicks.click(lake, "bia", "10:07:00");
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "10:07 bia 1");

        assertThat(rollback(lake, Optional.empty()))
                .singleElement()
                .satisfies(action -> assertThat(action.what()).isEqualTo("rolled back from commit 3 to commit 1"));

        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1");
        assertThat(placed(lake, WINDOWS)).containsExactly(Optional.empty());
        clicks.build(lake, QUARTERS);
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 1");
    }

    @Test
    void compactionPutsADateThatIsOverInOnePieceAndALateRowBuildsItAnew() throws Exception {
        Lake noon = clicks.open(NOON);
        clicks.click(noon, "ana", "10:00:30");
        clicks.build(noon, WINDOWS, QUARTERS);
        clicks.click(noon, "bia", "10:07:00");
        clicks.build(noon, WINDOWS, QUARTERS);
        assertThat(compact(noon, WINDOWS)).as("while rows may come").isEmpty();
        List<String> shown = clicks.shown(noon, WINDOWS);

        Lake lake = clicks.open(NEXT_DAY);
        assertThat(compact(lake, WINDOWS)).hasSize(1);

        assertThat(clicks.shown(lake, WINDOWS)).isEqualTo(shown).hasSize(2);
        assertThat(placed(lake, WINDOWS)).containsExactly(Optional.empty());
        LedgerState state = lake.ledger(WINDOWS).read();
        assertThat(state.partitions()).hasSize(INTERVALS + 1);
        assertThat(state.partitionsOf(DATE).get(0).rowsByCommit().commits()).isEqualTo(SequenceSet.of(1L, 2L));
        assertThat(compact(lake, WINDOWS)).isEmpty();
        assertThat(clicks.build(lake, WINDOWS, QUARTERS))
                .extracting(TableRun::outcome)
                .containsOnly(TableRun.Outcome.UNCHANGED);

        clicks.click(lake, "caio", "10:06:00");
        clicks.build(lake, WINDOWS, QUARTERS);
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 ana 1", "10:06 caio 1", "10:07 bia 1");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("10:00 3");
        assertThat(placed(lake, WINDOWS)).hasSize(INTERVALS);
        compact(lake, WINDOWS);
        assertThat(clicks.shown(lake, WINDOWS)).hasSize(3);
        assertThat(placed(lake, WINDOWS)).containsExactly(Optional.empty());
    }

    @Test
    void compactionOfALandingKeepsTheTimesOfItsRowsAndWhatWasReadOfThem() throws Exception {
        Lake lake = clicks.open(NOON);
        clicks.click(lake, "ana", "10:07:00");
        clicks.click(lake, "bia", "10:00:30");
        clicks.build(lake, WINDOWS);
        clicks.click(lake, "caio", "10:20:00");

        assertThat(compact(lake, RAW)).hasSize(1);

        assertThat(lake.ledger(RAW).read().partitionsOf(DATE))
                .singleElement()
                .satisfies(placed -> assertThat(placed.partition().times())
                        .contains(TimeRange.ofMillis(millis("10:00:30"), millis("10:20:00"))));
        clicks.build(lake, WINDOWS);
        assertThat(intervals(lake.ledger(WINDOWS).commit(2))).containsExactly("10:20");
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("10:00 bia 1", "10:07 ana 1", "10:20 caio 1");
    }

    @Test
    void rowsThatHaveGoneBeforeACompactionAreGoneFromWhatIsBuiltAfterIt() throws Exception {
        Lake noon = clicks.open(NOON);
        clicks.click(noon, "ana", "10:00:30");
        clicks.build(noon, WINDOWS, QUARTERS);
        clicks.click(noon, "ana", "10:00:31", -1);
        clicks.build(noon, WINDOWS);
        Lake lake = clicks.open(NEXT_DAY);
        compact(lake, WINDOWS);
        assertThat(placed(lake, WINDOWS)).containsExactly(Optional.empty());
        assertThat(clicks.shown(lake, WINDOWS)).isEmpty();

        clicks.build(lake, QUARTERS);

        assertThat(clicks.shown(lake, QUARTERS)).isEmpty();
    }

    @Test
    void aDateExpiresAsAWholeOnceItsNewestRowsAreOldEnough() throws Exception {
        Lake noon = open(NOON);
        clicks.click(noon, "ana", "10:00:30");
        clicks.build(noon, WINDOWS);
        Lake later = open("2024-01-03T12:00:00Z");
        clicks.click(later, "bia", "10:07:00");
        clicks.build(later, WINDOWS);
        assertThat(expire(open("2024-01-09T12:00:00Z"))).isEmpty();
        assertThat(clicks.shown(later, WINDOWS)).hasSize(2);

        Lake last = open("2024-01-11T12:00:00Z");
        assertThat(expire(last))
                .singleElement()
                .satisfies(action -> assertThat(action.rows()).isEqualTo(2));

        assertThat(clicks.shown(last, WINDOWS)).isEmpty();
        assertThat(last.ledger(WINDOWS).read().partitionsOf(DATE)).isEmpty();
        assertThat(last.ledger(WINDOWS).read().expired()).contains(Set.of(DATE));
        clean(open("2024-01-19T12:00:00Z"));
        assertThat(clicks.partitions(WINDOWS)).isEmpty();
    }

    @Test
    void cleanKeepsAllPartitionsOfADateByIntervalAndWhatAnyOfThemShows() throws Exception {
        Lake noon = clicks.open(NOON);
        clicks.click(noon, "ana", "10:00:30");
        clicks.click(noon, "bia", "10:07:00");
        clicks.build(noon, WINDOWS);
        clicks.click(noon, "ana", "10:06:59");
        clicks.build(noon, WINDOWS);

        assertThat(clean(clicks.open("2024-01-09T12:00:00Z")))
                .extracting(MaintenanceAction::what)
                .singleElement()
                .asString()
                .endsWith("/date=2024-01-01/interval=" + index("10:05"));

        assertThat(clicks.partitions(WINDOWS)).hasSize(INTERVALS + 1);
        assertThat(clicks.shown(noon, WINDOWS)).containsExactly("10:00 ana 1", "10:06 ana 1", "10:07 bia 1");

        compact(clicks.open("2024-01-09T12:00:00Z"), WINDOWS);
        Lake last = clicks.open("2024-01-17T12:00:01Z");
        clean(last);
        assertThat(clicks.partitions(WINDOWS)).hasSize(1);
        assertThat(clicks.shown(last, WINDOWS)).containsExactly("10:00 ana 1", "10:06 ana 1", "10:07 bia 1");
        clicks.click(last, "caio", "10:06:00");
        clicks.build(last, WINDOWS);
        assertThat(clicks.shown(last, WINDOWS)).hasSize(4);
        assertThat(placed(last, WINDOWS)).containsExactly(Optional.empty());
    }

    private Lake open(String now) throws IOException {
        return clicks.open(now, Step.Listener.NONE, ClicksLake.windows("7 days"));
    }

    private static List<String> intervals(Commit commit) {
        return commit.partitions().stream()
                .map(partition -> partition.interval().orElse(""))
                .sorted()
                .toList();
    }

    /** The intervals of partitions that hold the date. */
    private static List<Optional<String>> placed(Lake lake, TableName table) throws IOException {
        return lake.ledger(table).read().partitionsOf(DATE).stream()
                .map(LedgerState.CurrentPartition::partition)
                .map(PartitionVersion::interval)
                .toList();
    }

    private static long index(String time) {
        return millis(time + ":00") / Duration.ofMinutes(5).toMillis();
    }

    private static long millis(String time) {
        return Instant.parse(DATE + "T" + time + "Z").toEpochMilli();
    }

    private static List<MaintenanceAction> rollback(Lake lake, Optional<Long> to) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Rollback(lake, publisher).run(lake.table(WINDOWS), DATE, to, false);
        }
    }

    private static List<MaintenanceAction> compact(Lake lake, TableName table) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Compact(lake, publisher, local::spark).run(lake.table(table), false);
        }
    }

    private static List<MaintenanceAction> expire(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Expiry(lake, publisher).run(lake.table(WINDOWS), false);
        }
    }

    private static List<MaintenanceAction> clean(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Clean(lake, publisher, Clean.KEPT, TestingSpark.UNUSED).run(lake.table(WINDOWS), false);
        }
    }
}
