package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Cases that other engines are known to get wrong, each in all orders and in all splits into three steps: every one of them is
 * a chapter of one table.
 */
@ExtendWith(TestServers.class)
@Timeout(900)
final class KnownCasesTest {
    private static final int STEPS = 3;
    private static final String KEY = "ana";

    /** Of one key; the number of a chapter is set when it is told. */
    private static final List<List<CustomerEvent>> CASES = List.of(
            // An update that comes after a later deletion must not bring the key back (paimon#5387, hudi#4880).
            List.of(told("A/x", 3), deleted(4), told("B/x", 2)),
            // Insert and updates in one batch (delta#218).
            List.of(told("A/x", 1), told("B/x", 2), told("C/x", 3)),
            // The same values again (delta#1324).
            List.of(told("A/x", 1), told("A/x", 1), told("A/x", 2)),
            // The event in the middle comes last (dbt#7138).
            List.of(told("A/x", 1), told("C/x", 3), told("B/x", 2)),
            // A key that comes back, with the same values and with others (dbt#11949, #10235, #11269).
            List.of(told("A/x", 1), deleted(2), told("A/x", 3)),
            List.of(told("A/x", 1), deleted(2), told("B/y", 3), deleted(4)),
            // To null and back (sqlmesh#5332).
            List.of(told("-/x", 1), told("A/x", 2), told("-/x", 3)),
            // Older years loaded last (dbt#9892).
            List.of(told("C/x", 500), told("D/x", 600), told("A/x", 1), told("B/x", 2)),
            // Equal sequence with other content.
            List.of(told("A/x", 1), told("B/x", 1), told("A/y", 1), deleted(1)),
            // An update without a column before the insert that has it (airbyte#30518).
            List.of(told("A/x", 1), told("-/y", 2)),
            List.of(told("A/x", 1), told("B/y", 2), told("-/z", 3)),
            // A value of the row before the deletion is none of the row after it.
            List.of(told("A/x", 1), deleted(2), told("-/y", 3)),
            // Deletions of what never was.
            List.of(deleted(1), deleted(3), told("A/x", 2)));

    private static LocalLake local;

    private final List<CustomerEvent> all = new ArrayList<>();
    private final List<List<CustomerEvent>> steps = new ArrayList<>();

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static CustomerEvent told(String name, long sequence) {
        return CustomerEvent.of(0, KEY, name, sequence);
    }

    private static CustomerEvent deleted(long sequence) {
        return CustomerEvent.deletion(0, KEY, sequence).named("/");
    }

    @Test
    void aCurrentTableGetsThemRight() throws Exception {
        tell();
        CustomerLake customers = new CustomerLake(local, "known_current_");
        customers.takeInTurn(steps);
        assertThat(customers.rows()).isEqualTo(CustomerEvent.truth(all));
        assertThat(customers.feed()).isEqualTo(CustomerEvent.truth(all));
    }

    @Test
    void aCurrentTableKeepsWhatEventsDoNotTell() throws Exception {
        tell();
        CustomerLake customers = new CustomerLake(local, "known_kept_", CustomerTables.keepingNames());
        customers.takeInTurn(steps);
        assertThat(customers.kept()).isEqualTo(CustomerEvent.kept(all));
        assertThat(customers.feedOfKept()).isEqualTo(CustomerEvent.kept(all));
    }

    @Test
    void aHistoryGetsThemRight() throws Exception {
        tell();
        CustomerLake customers = new CustomerLake(local, "known_history_", CustomerTables.history());
        customers.takeInTurn(steps);
        assertThat(customers.versions()).isEqualTo(CustomerEvent.versions(all));
        assertThat(customers.feedOfVersions()).isEqualTo(CustomerEvent.versions(all));
    }

    /** Fills the steps. */
    private void tell() {
        for (int step = 0; step < STEPS; step++) {
            steps.add(new ArrayList<>());
        }
        int chapter = 0;
        for (List<CustomerEvent> events : CASES) {
            for (List<CustomerEvent> order : orders(events)) {
                for (int first = 0; first <= order.size(); first++) {
                    for (int second = first; second <= order.size(); second++) {
                        chapter++;
                        tell(0, order.subList(0, first), chapter);
                        tell(1, order.subList(first, second), chapter);
                        tell(2, order.subList(second, order.size()), chapter);
                    }
                }
            }
        }
    }

    private void tell(int step, List<CustomerEvent> events, int chapter) {
        for (CustomerEvent event : events) {
            steps.get(step).add(event.in(chapter));
            all.add(event.in(chapter));
        }
    }

    private static List<List<CustomerEvent>> orders(List<CustomerEvent> events) {
        if (events.isEmpty()) {
            return List.of(List.of());
        }
        List<List<CustomerEvent>> orders = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            List<CustomerEvent> rest = new ArrayList<>(events);
            CustomerEvent first = rest.remove(i);
            for (List<CustomerEvent> order : orders(rest)) {
                List<CustomerEvent> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }
}
