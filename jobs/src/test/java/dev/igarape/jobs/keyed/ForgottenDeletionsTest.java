package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.inspect.Inspection;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.MaintenanceAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A current table with {@code tombstones}: what has been forgotten brings no key back, and no event is lost in silence. */
@ExtendWith(TestServers.class)
@Timeout(900)
final class ForgottenDeletionsTest {
    private static final long SEED = 14;

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static ForgetfulCustomers lake(String prefix) {
        return new ForgetfulCustomers(
                new CustomerLake(local, prefix, CustomerTables.remembering(ForgetfulCustomers.REMEMBERED)));
    }

    @Test
    void anOlderEventThatComesAfterThatGoesToQuarantine() throws Exception {
        ForgetfulCustomers forgetful = lake("forgets_");
        CustomerLake customers = forgetful.lake();
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 3), CustomerEvent.of(1, "bia", "Bia", 3)));
        customers.take(List.of(CustomerEvent.deletion(1, "ana", 4)));
        assertThat(forgetful.compact(ForgetfulCustomers.REMEMBERED.minusHours(1)))
                .isEmpty();
        assertThat(forgetful.compact())
                .containsExactly(new MaintenanceAction(
                        CustomerLake.CUSTOMERS,
                        Optional.empty(),
                        "forgot deletions",
                        0,
                        1,
                        0,
                        customers.state().head()));
        assertThat(customers.state().delta().orElseThrow().remembered()).isEmpty();
        assertThat(customers.state().delta().orElseThrow().forgotten()).contains("2024-03-01T04:00:00Z");

        List<TableRun> late = customers.take(List.of(
                CustomerEvent.of(1, "ana", "old", 2),
                CustomerEvent.of(1, "bia", "old", 2),
                CustomerEvent.of(1, "caio", "new", 5)));
        assertThat(late).singleElement().satisfies(run -> {
            assertThat(run.balance()).isEqualTo(new Balance(3, 1, 1, 0, 0, 1, 0));
            assertThat(run.warnings())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "1 event of trusted.customers came so late that deletions which may be newer are forgotten")
                    .contains("too_late", "./lake quarantine replay trusted.customers");
        });
        assertThat(customers.rows()).containsExactly("1 bia Bia 3", "1 caio new 5");
        assertThat(forgetful.quarantine()).containsExactly("too_late 1 ana old 2");
        Lake lake = customers.open(Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            Inspected told = new Inspection(lake, publisher).of(lake.table(CustomerLake.CUSTOMERS), List.of());
            assertThat(told.quarantined()).isEqualTo(1);
            assertThat(told.keyed().map(Inspected.Keyed::tooLate)).contains(1L);
        }

        // What is refused for good is not read again, and stays beside what is refused anew.
        List<TableRun> more = customers.take(List.of(
                CustomerEvent.of(1, "dora", "new", 6),
                new CustomerEvent(
                        1,
                        Optional.empty(),
                        "x",
                        Optional.of(1L),
                        false,
                        CustomerEvent.of(1, "", "", 0).at())));
        assertThat(more)
                .singleElement()
                .satisfies(run -> assertThat(run.balance()).isEqualTo(new Balance(3, 1, 2, 0, 0, 0, 0)));
        assertThat(forgetful.quarantine()).containsExactly("has_key 1 x 1", "too_late 1 ana old 2");
        // Now the date is read again, with an event of a key whose deletion is forgotten.
        customers.take(List.of(CustomerEvent.of(1, "eva", "old", 1)));
        assertThat(forgetful.quarantine())
                .containsExactly("has_key 1 x 1", "too_late 1 ana old 2", "too_late 1 eva old 1");
        assertThat(customers.rows()).containsExactly("1 bia Bia 3", "1 caio new 5", "1 dora new 6");

        forgetful.replay();
        assertThat(forgetful.quarantine()).containsExactly("has_key 1 x 1");
        assertThat(customers.rows()).containsExactly("1 bia Bia 3", "1 caio new 5", "1 dora new 6", "1 eva old 1");
        assertThat(customers.state().delta().orElseThrow().forgotten()).isEmpty();
        assertThat(customers.feed()).isEqualTo(customers.rows());
    }

    /** With maintenance between all steps, rows are those of the truth, and those that lack are in quarantine. */
    @Test
    void noOrderMakesAWrongRowAndNoneIsLost() throws Exception {
        Random random = new Random(SEED);
        ForgetfulCustomers forgetful = lake("forgets_any_");
        CustomerLake customers = forgetful.lake();
        List<CustomerEvent> all = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            List<CustomerEvent> events = new ArrayList<>();
            for (int event = 0; event < 300; event++) {
                String id = "c" + random.nextInt(4);
                int chapter = random.nextInt(100);
                long sequence = random.nextInt(40);
                events.add(
                        random.nextInt(3) == 0
                                ? CustomerEvent.deletion(chapter, id, sequence)
                                : CustomerEvent.of(chapter, id, "n" + random.nextInt(3), sequence)
                                        .later(random.nextInt(2)));
            }
            all.addAll(events);
            customers.take(events);
            forgetful.compact();
        }
        List<String> truth = CustomerEvent.truth(all);
        List<String> rows = customers.rows();
        List<String> refused = forgetful.quarantine();
        assertThat(refused).isNotEmpty().allMatch(row -> row.startsWith("too_late "));
        assertThat(truth).containsAll(rows);
        assertThat(refused.stream()
                        .map(row -> row.substring("too_late ".length()))
                        .toList())
                .containsAll(truth.stream().filter(row -> !rows.contains(row)).toList());
        assertThat(customers.feed()).isEqualTo(rows);

        forgetful.replay();
        assertThat(customers.rows()).isEqualTo(truth);
        assertThat(forgetful.quarantine()).isEmpty();
    }
}
