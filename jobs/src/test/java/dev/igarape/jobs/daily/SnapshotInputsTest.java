package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.SnapshotLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.Refresh;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Daily tables that read a table without dates: each date is of one version of it, which the ledger knows. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class SnapshotInputsTest {
    private static final LocalDate FIRST = SnapshotLake.FIRST;
    private static final LocalDate SECOND = FIRST.plusDays(1);

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static SnapshotLake lake(String prefix, Refresh refresh, boolean intervals) {
        return new SnapshotLake(local, prefix, refresh, intervals);
    }

    @Test
    void allDatesOfARunAreOfOneVersionWhichIsOnRecord() throws Exception {
        SnapshotLake lake = lake("pinned_", Refresh.NEVER, false);
        lake.customer("a", "Ana", 1);
        lake.customer("a", "Anna", 2);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.order(2, "b", "2024-03-02T10:00:00Z");
        lake.build(FIRST, SECOND);
        assertThat(lake.rows(FIRST)).containsExactly("1 Anna");
        assertThat(lake.rows(SECOND)).containsExactly("2 null");
        Commit commit = lake.open().ledger(SnapshotLake.NAMED).commit(1);
        assertThat(commit.dates())
                .extracting(build -> build.snapshots().get(SnapshotLake.CUSTOMERS))
                .containsOnly(new SnapshotRead(
                        2,
                        Optional.of(lake.open()
                                .ledger(SnapshotLake.CUSTOMERS)
                                .commit(2)
                                .commitId())))
                .hasSize(2);
        assertThat(commit.dates()).noneMatch(build -> build.inputs().containsKey(SnapshotLake.CUSTOMERS));
        assertThat(lake.plan()).containsExactly("01 fresh", "02 fresh");
    }

    @Test
    void anInputThatWasNeverBuiltIsMissing() throws Exception {
        SnapshotLake lake = lake("missing_", Refresh.NEVER, false);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        assertThat(lake.plan()).containsExactly("01 blocked trusted.customers was never built");
        assertThatThrownBy(() -> lake.build(FIRST))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageStartingWith("Cannot build gold.named_orders: trusted.customers was never built. Build it"
                        + " first: ./lake run trusted.customers --date ");
        lake.customer("a", "Ana", 1);
        assertThat(lake.plan()).containsExactly("01 missing raw.orders has commit 1 with 1 rows");
    }

    @Test
    void aNewVersionMakesNothingStaleUnlessThatIsAskedFor() throws Exception {
        SnapshotLake lake = lake("never_", Refresh.NEVER, false);
        lake.customer("a", "Ana", 1);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.build(FIRST);
        lake.customer("a", "Anna", 2);
        assertThat(lake.plan()).containsExactly("01 fresh");
        assertThat(lake.plan(SnapshotLake.CUSTOMERS, SnapshotLake.NAMED)).containsExactly("01 fresh");
        assertThat(lake.build(FIRST)).extracting(TableRun::outcome).containsExactly(TableRun.Outcome.UNCHANGED);
        assertThat(lake.rows(FIRST)).containsExactly("1 Ana");
        // What builds the date for another reason takes the newest version for all of it.
        lake.order(2, "a", "2024-03-01T11:00:00Z");
        lake.build(FIRST);
        assertThat(lake.rows(FIRST)).containsExactly("1 Anna", "2 Anna");
        assertThat(lake.version(FIRST)).isEqualTo(2);
    }

    @Test
    void aNewVersionMakesDatesStaleThatAskForIt() throws Exception {
        SnapshotLake lake = lake("always_", Refresh.ALWAYS, false);
        lake.sendCustomer("b", "Bia", 1);
        lake.customer("a", "Ana", 1);
        lake.sendOrder(3, "b", "2024-03-01T11:00:00Z");
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.order(2, "a", "2024-03-02T10:00:00Z");
        lake.build(FIRST, SECOND);
        assertThat(lake.rows(FIRST)).containsExactly("1 Ana", "3 Bia");
        lake.sendCustomer("b", "left", 2);
        lake.customer("a", "Anna", 2);
        assertThat(lake.plan())
                .containsExactly(
                        "01 stale trusted.customers has changed since commit 1, which it was built with",
                        "02 stale trusted.customers has changed since commit 1, which it was built with");
        lake.build(FIRST);
        // The table's filter has no row of the customer who left any more.
        assertThat(lake.rows(FIRST)).containsExactly("1 Anna");
        assertThat(lake.plan())
                .containsExactly(
                        "01 fresh", "02 stale trusted.customers has changed since commit 1, which it was built with");
        lake.build(FIRST, SECOND);
        assertThat(lake.plan()).containsExactly("01 fresh", "02 fresh");
        assertThat(lake.version(SECOND)).isEqualTo(2);

        // Built anew into another folder.
        lake.redefineCustomers();
        assertThat(lake.plan(SnapshotLake.CUSTOMERS, SnapshotLake.NAMED))
                .containsExactly(
                        "01 stale trusted.customers is to be built", "02 stale trusted.customers is to be built");
        lake.buildCustomers();
        assertThat(lake.plan()).allMatch(line -> line.contains("stale trusted.customers has changed since commit 2"));
        lake.build(FIRST, SECOND);
        assertThat(lake.rows(FIRST)).containsExactly("1 ANNA", "3 LEFT");
    }

    /** Numbers of commits come again in a ledger that was deleted, those of versions in a Delta table that was. */
    @Test
    void aVersionOfAnotherHistoryMakesDatesStale() throws Exception {
        SnapshotLake lake = lake("history_", Refresh.ALWAYS, false);
        lake.customer("a", "Ana", 1);
        lake.customer("a", "Anna", 2);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.build(FIRST);
        assertThat(lake.plan()).containsExactly("01 fresh");
        lake.forgetCustomers();
        lake.buildCustomers();
        lake.customer("a", "Hannah", 3);
        assertThat(lake.state(SnapshotLake.CUSTOMERS).head()).isEqualTo(2);
        assertThat(lake.plan())
                .containsExactly(
                        "01 stale it was built with another history of trusted.customers, whose ledger was deleted"
                                + " or restored since");
        lake.build(FIRST);
        assertThat(lake.rows(FIRST)).containsExactly("1 Hannah");
        assertThat(lake.plan()).containsExactly("01 fresh");
    }

    @Test
    void aStepThatChangesNoRowMakesNothingStale() throws Exception {
        SnapshotLake lake = lake("nothing_", Refresh.ALWAYS, false);
        lake.customer("a", "Ana", 2);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.build(FIRST);
        lake.customer("a", "late", 1);
        assertThat(lake.state(SnapshotLake.CUSTOMERS).delta().orElseThrow().version())
                .isEqualTo(1);
        assertThat(lake.plan()).containsExactly("01 fresh");
        lake.customer("a", "Anna", 3);
        assertThat(lake.plan()).allMatch(line -> line.startsWith("01 stale"));
    }

    /** An interval that is computed again is of the version of the other ones. */
    @Test
    void allIntervalsOfADateAreOfOneVersion() throws Exception {
        SnapshotLake lake = lake("intervals_", Refresh.NEVER, true);
        lake.customer("a", "Ana", 1);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.build(FIRST);
        lake.customer("a", "Anna", 2);
        lake.order(2, "a", "2024-03-01T11:00:00Z");
        lake.build(FIRST);
        assertThat(lake.rows(FIRST)).containsExactly("1 Ana", "2 Ana");
        assertThat(lake.version(FIRST)).isEqualTo(1);
        assertThat(lake.verify(FIRST)).isEmpty();

        lake.forgetEarlierCustomers();
        assertThat(lake.verify(FIRST)).isEmpty();
        lake.order(3, "a", "2024-03-01T09:30:00Z");
        lake.build(FIRST);
        assertThat(lake.rows(FIRST)).containsExactly("1 Anna", "2 Anna", "3 Anna");
        assertThat(lake.version(FIRST)).isEqualTo(2);
        assertThat(lake.plan()).containsExactly("01 fresh");
    }

    @Test
    void aDateByIntervalsIsBuiltWholeWhereItAsksForNewVersions() throws Exception {
        SnapshotLake lake = lake("hours_", Refresh.ALWAYS, true);
        lake.customer("a", "Ana", 1);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.build(FIRST);
        lake.customer("a", "Anna", 2);
        lake.order(2, "a", "2024-03-01T11:00:00Z");
        lake.build(FIRST);
        assertThat(lake.rows(FIRST)).containsExactly("1 Anna", "2 Anna");
        // The new version has the rows of the one that the date was built with.
        lake.customer("a", "late", 1);
        lake.order(3, "a", "2024-03-01T11:30:00Z");
        lake.build(FIRST);
        assertThat(lake.version(FIRST)).isEqualTo(3);
        assertThat(lake.rows(FIRST)).containsExactly("1 Anna", "2 Anna", "3 Anna");
        assertThat(lake.plan()).containsExactly("01 fresh");
    }

    @Test
    void aHistoryMakesDatesStaleFromWhereItChanged() throws Exception {
        SnapshotLake lake = lake("validity_", Refresh.VALIDITY, false);
        lake.customer("a", "Ana", 1);
        lake.order(1, "a", "2024-03-01T10:00:00Z");
        lake.order(2, "a", "2024-03-02T10:00:00Z");
        lake.order(3, "b", "2024-03-03T10:00:00Z");
        lake.build(FIRST, SECOND, SECOND.plusDays(1));
        lake.customer("a", "Anna", 2);
        assertThat(lake.plan())
                .containsExactly(
                        "01 fresh",
                        "02 stale trusted.customers has changed since commit 1, which it was built with",
                        "03 stale trusted.customers has changed since commit 1, which it was built with");
        lake.build(FIRST, SECOND, SECOND.plusDays(1));
        assertThat(lake.rows(FIRST)).containsExactly("1 Ana");
        assertThat(lake.version(FIRST)).isEqualTo(1);
        assertThat(lake.rows(SECOND)).containsExactly("2 Anna");
        lake.customer("b", "Bia", 3);
        assertThat(lake.plan())
                .containsExactly(
                        "01 fresh",
                        "02 fresh",
                        "03 stale trusted.customers has changed since commit 2, which it was built with");
        // What comes late reaches back.
        lake.customer("b", "Bea", 1);
        assertThat(lake.plan()).hasSize(3).allMatch(line -> line.contains(" stale "));
        lake.build(FIRST, SECOND, SECOND.plusDays(1));
        assertThat(lake.rows(SECOND.plusDays(1))).containsExactly("3 Bia");
        assertThat(lake.plan()).allMatch(line -> line.endsWith(" fresh"));
    }
}
