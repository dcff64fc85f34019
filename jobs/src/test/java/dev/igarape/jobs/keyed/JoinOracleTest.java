package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.keyed.NamedOrdersLake.Customer;
import dev.igarape.jobs.keyed.NamedOrdersLake.Order;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A current table that joins holds the same rows whichever side moves, in whatever order and steps, and however often a step dies:
 * those of {@link NamedOrdersLake#truth}.
 */
@ExtendWith(TestServers.class)
@Timeout(600)
final class JoinOracleTest {
    private static final int VERSIONS = 5;
    private static final int ORDERS = 40;
    private static final int CUSTOMERS = 12;
    private static final int DAYS = 2;
    private static final List<Step> DEATHS = List.of(Step.PLANNED, Step.WRITTEN, Step.PREPARED, Step.COMMITTED);
    private static final LocalDate FIRST = NamedOrdersLake.FIRST;

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static NamedOrdersLake lake(String prefix, boolean keepsOrders, boolean deletes) {
        return new NamedOrdersLake(local, prefix, keepsOrders, deletes);
    }

    /**
     * With deletions and with names that are refused, which follow their customer, and without. In the first step both sides move,
     * then orders alone, then customers alone, and then both again.
     */
    @ParameterizedTest
    @CsvSource({"31, 4, false", "47, 3, true"})
    void whicheverSideMovesTheRowsAreThoseOfTheWhole(long seed, int steps, boolean odd) throws Exception {
        Random random = new Random(seed);
        NamedOrdersLake lake = lake("join_" + seed + "_", odd, odd);
        List<Order> orders = new ArrayList<>();
        List<Customer> changes = new ArrayList<>();
        List<Customer> built = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            List<Order> ordersNow = step == 2 ? List.of() : orders(step, odd, random);
            List<Customer> changesNow = customers(step, odd, random);
            lake.land(ordersNow, changesNow);
            orders.addAll(ordersNow);
            changes.addAll(changesNow);
            if (step != 1) {
                lake.build(NamedOrdersLake.CUSTOMERS);
                built = new ArrayList<>(changes);
            }
            List<LocalDate> due = lake.due(NamedOrdersLake.NAMED);
            assertThat(due).isNotEmpty();
            if (step % 2 == 1) {
                // A date by itself, as a run of its own builds it.
                lake.build(Step.Listener.NONE, NamedOrdersLake.NAMED, due.subList(due.size() - 1, due.size()));
            } else {
                Step death = DEATHS.get(odd ? step + 1 : step);
                assertThatThrownBy(() -> lake.build(Killed.at(death), NamedOrdersLake.NAMED, due))
                        .as("step %s", step)
                        .isInstanceOf(Killed.class);
            }
            lake.build(NamedOrdersLake.NAMED);
            assertThat(lake.due(NamedOrdersLake.NAMED)).isEmpty();
            assertThat(lake.rows()).as("after step %s", step).isEqualTo(lake.truth(orders, built));
            Set<String> refused = lake.refused(orders, built);
            assertThat(refused.isEmpty()).isNotEqualTo(odd);
            assertThat(lake.quarantine())
                    .as("refused after step %s", step)
                    .hasSameSizeAs(refused)
                    .allMatch(row -> row.contains("\"name\":\"" + NamedOrdersLake.BAD + "\""));
        }
        assertThat(lake.rows()).hasSizeGreaterThan(10);
        assertThat(lake.feed()).isEqualTo(lake.rows());
    }

    /** Versions of orders in any order, some twice. A version always says the same. */
    private static List<Order> orders(int step, boolean deletes, Random random) {
        List<Order> orders = new ArrayList<>();
        for (int event = 0; event < ORDERS; event++) {
            int id = random.nextInt(ORDERS);
            int version = random.nextInt(VERSIONS);
            // Most are of customers who are there from the first step on.
            String customer = "c" + (id * 7 + version * 5) % (CUSTOMERS + 2);
            boolean gone = deletes && (id + version) % 6 == 0;
            Order order = new Order(id, version, customer, gone, (id + version + step) % DAYS);
            orders.add(order);
            if (random.nextInt(5) == 0) {
                orders.add(order);
            }
        }
        return orders;
    }

    private static List<Customer> customers(int step, boolean bad, Random random) {
        List<Customer> changes = new ArrayList<>();
        // One of them is another one after each step.
        changes.add(new Customer("c0", "step " + step, 10_000 + step, false));
        for (int customer = 0; customer < CUSTOMERS; customer++) {
            if (step == 0 || random.nextInt(3) == 0) {
                String name = bad && random.nextInt(5) == 0 ? NamedOrdersLake.BAD : "n" + random.nextInt(100);
                // One that comes late may be older than one that is there.
                long sequence = 10L * step + random.nextInt(15) * 100 + customer;
                changes.add(new Customer("c" + customer, name, sequence, random.nextInt(5) == 0));
            }
        }
        return changes;
    }

    /** By the feed of the customers; where that is gone, or their table is another one, all orders are read. */
    @Test
    void aChangeOfACustomerTouchesTheirOrdersOnly() throws Exception {
        NamedOrdersLake lake = lake("join_touched_", false, false);
        lake.land(
                List.of(
                        new Order(1, 1, "a", false, 0),
                        new Order(1, 2, "b", false, 1),
                        new Order(2, 1, "b", false, 1),
                        new Order(3, 1, "c", false, 1)),
                List.of());
        String blocked = " blocked trusted.customers was never built";
        assertThat(lake.plan()).containsExactly("01" + blocked, "02" + blocked);
        lake.land(
                List.of(),
                List.of(
                        new Customer("a", "Ana", 1, false),
                        new Customer("b", "Bia", 1, false),
                        new Customer("c", "Caio", 1, false)));
        lake.build(NamedOrdersLake.CUSTOMERS);
        lake.build(NamedOrdersLake.NAMED);
        assertThat(lake.rows()).containsExactly("1 2 Bia", "2 1 Bia", "3 1 Caio");
        assertThat(lake.plan()).containsExactly("01 fresh", "02 fresh");
        assertThat(lake.state(NamedOrdersLake.NAMED).lastSnapshots().get(NamedOrdersLake.CUSTOMERS))
                .satisfies(read -> assertThat(read.commit()).isEqualTo(1));

        lake.land(
                List.of(new Order(4, 1, "c", false, 0)),
                List.of(new Customer("a", "Anna", 2, false), new Customer("b", "", 2, true)));
        lake.build(NamedOrdersLake.CUSTOMERS);
        String moved = "trusted.customers has changed since commit 1, which it was built with";
        assertThat(lake.plan())
                .containsExactly("01 stale raw.orders has commit 2 with 1 rows; " + moved, "02 stale " + moved);
        // The rows of all dates are of one version, so one run takes all of them there.
        lake.build(Step.Listener.NONE, NamedOrdersLake.NAMED, List.of(FIRST.plusDays(1)));
        assertThat(lake.plan()).containsExactly("01 fresh", "02 fresh");
        // An earlier version of an order stands again, which is of another date: the later one has no customer.
        assertThat(lake.rows()).containsExactly("1 1 Anna", "3 1 Caio", "4 1 Caio");
        assertThat(lake.lastChanges())
                .containsExactly("delete 1", "insert 1", "update_postimage 1", "update_preimage 1");
        assertThat(lake.readByLastStep()).isEqualTo(2);

        // A step of customers that changes no row of theirs makes nothing stale.
        lake.land(List.of(), List.of(new Customer("a", "older", 0, false)));
        lake.build(NamedOrdersLake.CUSTOMERS);
        assertThat(lake.plan()).containsExactly("01 fresh", "02 fresh");

        lake.land(List.of(), List.of(new Customer("c", "CAI", 2, false)));
        lake.build(NamedOrdersLake.CUSTOMERS);
        lake.forgetFeedOfCustomers();
        lake.build(NamedOrdersLake.NAMED);
        assertThat(lake.rows()).containsExactly("1 1 Anna", "3 1 CAI", "4 1 CAI");
        assertThat(lake.readByLastStep()).isEqualTo(3);

        // The versions of another Delta table begin again; only the rows that differ change.
        lake.redefineCustomers();
        lake.build(NamedOrdersLake.CUSTOMERS);
        lake.build(NamedOrdersLake.NAMED);
        assertThat(lake.rows()).containsExactly("1 1 ANNA", "3 1 CAI", "4 1 CAI");
        assertThat(lake.lastChanges()).containsExactly("update_postimage 1", "update_preimage 1");
        assertThat(lake.feed()).isEqualTo(lake.rows());
    }
}
