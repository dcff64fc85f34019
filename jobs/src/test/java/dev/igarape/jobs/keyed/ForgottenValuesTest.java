package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A current table with {@code tombstones} and {@code ignore_null}: no value from before a deletion is shown after it. */
@ExtendWith(TestServers.class)
@Timeout(900)
final class ForgottenValuesTest {
    private static final long SEED = 15;

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static ForgetfulCustomers lake(String prefix) {
        return new ForgetfulCustomers(
                new CustomerLake(local, prefix, CustomerTables.keepingNamesRemembering(ForgetfulCustomers.REMEMBERED)));
    }

    @Test
    void aKeyThatComesBackDoesNotGetAValueFromBeforeItsDeletion() throws Exception {
        ForgetfulCustomers customers = lake("values_");
        List<CustomerEvent> all = new ArrayList<>();
        take(customers, all, CustomerEvent.of(1, "ana", "Ana/x", 3), CustomerEvent.of(1, "dora", "-/d", 3));
        take(customers, all, CustomerEvent.deletion(1, "ana", 4));
        assertThat(customers.compact())
                .singleElement()
                .satisfies(action -> assertThat(action.rows()).isEqualTo(1));
        assertThat(customers.lake().state().delta().orElseThrow().remembered()).hasSize(1);
        assertThat(customers.lake().state().delta().orElseThrow().forgotten()).contains("2024-03-01T04:00:00Z");

        // Of dora, who was there all the time, everything is known.
        Balance late = take(
                customers,
                all,
                CustomerEvent.of(1, "ana", "Old/o", 2),
                CustomerEvent.of(1, "ana", "-/new", 6),
                CustomerEvent.of(1, "bia", "Bia/b", 1),
                CustomerEvent.of(1, "dora", "Dora/c", 1));
        assertThat(late).isEqualTo(new Balance(4, 2, 2, 0, 0, 0, 0));
        assertThat(customers.lake().kept()).containsExactly("1 ana - new 6", "1 dora Dora d 3");
        List<String> refused = List.of("too_late 1 ana Old 2", "too_late 1 bia Bia 1");
        assertThat(customers.quarantine()).isEqualTo(refused);

        // What tells nothing, or deletes what is gone anyway, is not missed.
        Balance nothing =
                take(customers, all, CustomerEvent.of(1, "ana", "-/w", 1), CustomerEvent.deletion(1, "ana", 1));
        assertThat(nothing).isEqualTo(new Balance(2, 0, 0, 0, 0, 2, 0));
        take(customers, all, CustomerEvent.of(1, "ana", "Ana/y", 7));
        Balance told = take(customers, all, CustomerEvent.of(1, "ana", "Old/p", 2));
        assertThat(told).isEqualTo(new Balance(1, 0, 0, 0, 0, 1, 0));
        assertThat(customers.lake().kept()).containsExactly("1 ana Ana y 7", "1 dora Dora d 3");
        assertThat(customers.quarantine()).isEqualTo(refused);

        customers.replay();
        assertThat(customers.lake().kept()).isEqualTo(CustomerEvent.kept(all));
        assertThat(customers.quarantine()).isEmpty();
        assertThat(customers.lake().feedOfKept()).isEqualTo(CustomerEvent.kept(all));
    }

    private static Balance take(ForgetfulCustomers customers, List<CustomerEvent> all, CustomerEvent... events)
            throws Exception {
        all.addAll(List.of(events));
        return customers.lake().take(List.of(events)).get(0).balance();
    }

    /** With maintenance between all steps, a row is that of the truth, or lacks a name that is in quarantine. */
    @Test
    void noOrderShowsAWrongValueAndNoneIsLost() throws Exception {
        Random random = new Random(SEED);
        ForgetfulCustomers customers = lake("values_any_");
        List<CustomerEvent> all = new ArrayList<>();
        for (int step = 0; step < 4; step++) {
            List<CustomerEvent> events = new ArrayList<>();
            for (int event = 0; event < 300; event++) {
                String id = "c" + random.nextInt(4);
                int chapter = random.nextInt(60);
                // Some are later than all deletions before them, which makes their keys known again.
                long sequence = 10L * step + random.nextInt(30);
                String name = (random.nextBoolean() ? "-" : "n" + random.nextInt(9)) + "/" + random.nextInt(9);
                events.add(
                        random.nextInt(3) == 0
                                ? CustomerEvent.deletion(chapter, id, sequence)
                                : CustomerEvent.of(chapter, id, name, sequence).later(random.nextInt(2)));
            }
            all.addAll(events);
            customers.lake().take(events);
            customers.compact();
        }
        Map<String, String> truth = byKey(CustomerEvent.kept(all));
        Map<String, String> rows = byKey(customers.lake().kept());
        Set<String> refused = customers.quarantine().stream()
                .map(row -> key(row.substring("too_late ".length())))
                .collect(Collectors.toSet());
        assertThat(refused).isNotEmpty();
        assertThat(truth).containsKeys(rows.keySet().toArray(new String[0]));
        long lacking = 0;
        for (Map.Entry<String, String> row : truth.entrySet()) {
            String shown = rows.getOrDefault(row.getKey(), "");
            if (!shown.equals(row.getValue())) {
                assertThat(refused).contains(row.getKey());
                assertThat(shown).isIn("", withoutName(row.getValue()));
                lacking += shown.isEmpty() ? 0 : 1;
            }
        }
        assertThat(lacking).as("rows that lack a name").isPositive();
        assertThat(byKey(customers.lake().feedOfKept())).isEqualTo(rows);

        customers.replay();
        assertThat(customers.lake().kept()).isEqualTo(CustomerEvent.kept(all));
        assertThat(customers.quarantine()).isEmpty();
    }

    private static Map<String, String> byKey(List<String> rows) {
        return rows.stream().collect(Collectors.toMap(ForgottenValuesTest::key, Function.identity()));
    }

    private static String key(String row) {
        return String.join(" ", List.of(row.split(" ")).subList(0, 2));
    }

    private static String withoutName(String row) {
        List<String> parts = new ArrayList<>(List.of(row.split(" ")));
        parts.set(2, "-");
        return String.join(" ", parts);
    }
}
