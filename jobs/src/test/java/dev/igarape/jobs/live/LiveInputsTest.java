package dev.igarape.jobs.live;

import static dev.igarape.jobs.live.LiveLake.GOLD;
import static dev.igarape.jobs.live.LiveLake.RAW;
import static dev.igarape.jobs.live.LiveLake.TRUSTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.jobs.testing.SnapshotLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.Refresh;
import dev.igarape.model.TableName;
import dev.igarape.model.job.LiveStatus.State;
import dev.igarape.model.job.LiveStatus.TableStatus;
import dev.igarape.model.job.PlannedDate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What inputs may do to a live service: be late by days, or have no dates. {@link LiveIntervalsTest} has more of it. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class LiveInputsTest {
    private static LocalLake local;

    private final MovedClock clock = new MovedClock();
    private LiveLake clicks;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() {
        clicks = new LiveLake(local);
    }

    /** Rows that are late by days come one by one; each would have a step build a date more. */
    @Test
    void rowsOfADateThatIsOverWaitSomeSecondsWhileTodayGetsRows() throws Exception {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate yesterday = today.minusDays(1);
        Lake lake = clicks.open(clock, Step.Listener.NONE, clicks.tables());
        try (LiveService service = service(lake)) {
            clicks.send(yesterday.toString(), 1);
            clicks.send(today.toString(), 2);
            turnsUntilIdle(service);
            clicks.send(yesterday.toString(), 4);
            clicks.send(today.toString(), 5);
            turnsUntilIdle(service);
            assertThat(clicks.pages()).containsExactlyInAnyOrder(yesterday + " p1 1", today + " p2 2");
            // With nothing to do for today, it need not wait.
            clicks.send(yesterday.toString(), 7);
            turnsUntilIdle(service);
            assertThat(clicks.pages()).containsExactlyInAnyOrder(yesterday + " p1 3", today + " p2 2");
            clicks.send(yesterday.toString(), 10);
            clicks.send(today.toString(), 8);
            turnsUntilIdle(service);
            assertThat(clicks.pages()).containsExactlyInAnyOrder(yesterday + " p1 3", today + " p2 3");
            // When the time is over, it is built without a new row.
            clock.forward(Duration.ofSeconds(11));
            turnsUntilIdle(service);
            assertThat(clicks.pages()).containsExactlyInAnyOrder(yesterday + " p1 4", today + " p2 3");
        }
    }

    /** One of two past dates waits all the time; all that came ten seconds ago is there nevertheless, and the age says so. */
    @Test
    void theAgeOfATableDoesNotGrowWhilePastDatesWaitInTurn() throws Exception {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        Lake lake = clicks.open(clock, Step.Listener.NONE, clicks.tables());
        try (LiveService service = service(lake)) {
            for (int turn = 0; turn < 7; turn++) {
                clicks.send(today.toString(), 10 * turn);
                clicks.send(today.minusDays(1).toString(), 10 * turn + 1);
                if (turn > 0) {
                    clicks.send(today.minusDays(2).toString(), 10 * turn + 2);
                }
                service.turn();
                TableStatus trusted = service.status().tables().get(1);
                assertThat(trusted.ageSeconds().orElseThrow()).isLessThanOrEqualTo(10);
                assertThat(trusted.state()).isEqualTo(turn == 0 ? State.IDLE : State.WAITING);
                clock.forward(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void datesThatNoInputHasAreNotPlannedThoughTheyAreAskedFor() throws Exception {
        clicks.send("2024-01-04", 1);
        Lake lake = clicks.open(clock, Step.Listener.NONE, clicks.tables());
        try (LiveService service = service(lake)) {
            service.turn();
        }
        LocalDate day = LocalDate.parse("2024-01-04");
        assertThat(new Planner(lake).plan(lake.table(TRUSTED), Set.of(day.minusDays(1), day, day.plusDays(1))))
                .extracting(PlannedDate::date)
                .containsExactly(day);
    }

    /** A step of an input without dates has the dates built again that ask for it, of which no other input has changed. */
    @Test
    void aChangeOfAnInputWithoutDatesReachesItsReaders() throws Exception {
        SnapshotLake orders = new SnapshotLake(local, "live_snapshot_", Refresh.ALWAYS, true);
        orders.sendCustomer("a", "Ana", 1);
        orders.sendOrder(1, "a", "2024-03-01T10:00:00Z");
        orders.sendOrder(2, "a", "2024-03-02T10:00:00Z");
        Lake lake = orders.open(clock);
        LocalDate second = SnapshotLake.FIRST.plusDays(1);
        try (LiveService service = serviceOfOrders(lake)) {
            turnsUntilIdle(service);
            assertThat(orders.rows(SnapshotLake.FIRST)).containsExactly("1 Ana");
            orders.sendCustomer("a", "Anna", 2);
            turnsUntilIdle(service);
            assertThat(orders.rows(SnapshotLake.FIRST)).containsExactly("1 Anna");
            assertThat(orders.rows(second)).containsExactly("2 Anna");
            long commits = orders.state(SnapshotLake.NAMED).head();
            orders.sendCustomer("a", "late", 1);
            turnsUntilIdle(service);
            assertThat(orders.state(SnapshotLake.CUSTOMERS).head()).isEqualTo(3);
            assertThat(orders.state(SnapshotLake.NAMED).head()).isEqualTo(commits);
        }
        assertCustomersAreThoseOfOneBuild(orders);
    }

    @Test
    void aHistoryThatGrowsByStepsIsTheOneOfOneBuild() throws Exception {
        SnapshotLake orders = new SnapshotLake(local, "live_history_", Refresh.VALIDITY, false);
        orders.sendCustomer("a", "Ana", 1);
        orders.sendOrder(1, "a", "2024-03-03T10:00:00Z");
        Lake lake = orders.open(clock);
        LocalDate third = SnapshotLake.FIRST.plusDays(2);
        try (LiveService service = serviceOfOrders(lake)) {
            turnsUntilIdle(service);
            assertThat(orders.rows(third)).containsExactly("1 Ana");
            orders.sendCustomer("a", "Anna", 4);
            turnsUntilIdle(service);
            assertThat(orders.rows(third)).containsExactly("1 Ana");
            // It came late, and splits the version in which it lies.
            orders.sendCustomer("a", "Hannah", 2);
            turnsUntilIdle(service);
            assertThat(orders.rows(third)).containsExactly("1 Hannah");
        }
        assertThat(orders.state(SnapshotLake.CUSTOMERS).head()).isEqualTo(3);
        assertThat(orders.customers()).hasSize(3);
        assertCustomersAreThoseOfOneBuild(orders);
    }

    private static void assertCustomersAreThoseOfOneBuild(SnapshotLake orders) throws Exception {
        List<String> live = orders.customers();
        orders.forgetCustomers();
        orders.buildCustomers();
        assertThat(orders.state(SnapshotLake.CUSTOMERS).head()).isEqualTo(1);
        assertThat(orders.customers()).isNotEmpty().isEqualTo(live);
    }

    private void turnsUntilIdle(LiveService service) throws Exception {
        do {
            clock.forward(Duration.ofSeconds(1));
        } while (service.turn());
        clock.forward(Duration.ofSeconds(1));
        service.turn();
    }

    private static LiveService service(Lake lake) throws Exception {
        return service(lake, RAW, TRUSTED, GOLD);
    }

    /** Of all tables of a {@link SnapshotLake}. */
    private static LiveService serviceOfOrders(Lake lake) throws Exception {
        return service(
                lake, SnapshotLake.RAW_CUSTOMERS, SnapshotLake.RAW_ORDERS, SnapshotLake.CUSTOMERS, SnapshotLake.NAMED);
    }

    private static LiveService service(Lake lake, TableName... tables) throws Exception {
        return new LiveService(
                lake,
                BuiltInKinds.ALL,
                LiveService.choose(lake, List.of(tables)),
                local::spark,
                Duration.ofMillis(200),
                new SimpleMeterRegistry(),
                lake.clock());
    }
}
