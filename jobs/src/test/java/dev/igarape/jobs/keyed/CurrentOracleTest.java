package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A current table holds the same rows in whatever order and steps its events come: those of {@link CustomerEvent#truth}. */
@ExtendWith(TestServers.class)
@Timeout(900)
final class CurrentOracleTest {
    private static final int CASES = 1000;
    private static final int STEPS = 5;
    private static final long SEED = 14;

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    /** Each case is a chapter: a few customers, events out of order, doubled, with equal sequences, deleted and come back. */
    @Test
    void anyOrderAndAnySplitIntoStepsGivesTheSameRows() throws Exception {
        Random random = new Random(SEED);
        List<CustomerEvent> all = new ArrayList<>();
        List<List<CustomerEvent>> steps = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            steps.add(new ArrayList<>());
        }
        for (int chapter = 0; chapter < CASES; chapter++) {
            for (CustomerEvent event : story(chapter, random)) {
                all.add(event);
                steps.get(step(random)).add(event);
                if (random.nextInt(5) == 0) {
                    steps.get(step(random)).add(event);
                }
            }
        }
        assertThat(keys(steps.get(1))).isGreaterThan(FewKeys.MOST);
        assertThat(keys(steps.get(STEPS - 1))).isBetween(10L, (long) FewKeys.MOST);
        CustomerLake customers = new CustomerLake(local, "oracle_");
        steps.forEach(step -> Collections.shuffle(step, random));
        customers.takeInTurn(steps);
        List<String> truth = CustomerEvent.truth(all);
        assertThat(truth).hasSizeGreaterThan(CASES);
        assertThat(customers.rows()).isEqualTo(truth);
        assertThat(customers.feed()).isEqualTo(truth);
    }

    /** A step after the first one has more keys than are looked up without a join, and those after it have fewer. */
    private static int step(Random random) {
        return List.of(0, 0, 0, 1, 1, 1, 1, 2, 3, STEPS - 1).get(random.nextInt(10));
    }

    private static long keys(List<CustomerEvent> events) {
        return events.stream()
                .map(event -> event.chapter() + " " + event.id())
                .distinct()
                .count();
    }

    private static List<CustomerEvent> story(int chapter, Random random) {
        List<CustomerEvent> events = new ArrayList<>();
        int customers = 1 + random.nextInt(3);
        for (int event = 0; event < 2 + random.nextInt(8); event++) {
            String id = "c" + random.nextInt(customers);
            long sequence = random.nextInt(6);
            CustomerEvent told = random.nextInt(4) == 0
                    ? CustomerEvent.deletion(chapter, id, sequence)
                    : CustomerEvent.of(chapter, id, "n" + random.nextInt(3), sequence);
            events.add(told.later(random.nextInt(3)));
        }
        return events;
    }

    @Test
    void whatDoesNotWinChangesNothing() throws Exception {
        CustomerLake customers = new CustomerLake(local, "losers_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 3), CustomerEvent.deletion(1, "bia", 4)));
        // An older event, the same event again, and one before a deletion, of another date.
        customers.take(List.of(
                CustomerEvent.of(1, "ana", "Anna", 2).later(1),
                CustomerEvent.of(1, "ana", "Ana", 3),
                CustomerEvent.of(1, "bia", "Bia", 3)));
        assertThat(customers.lastChanges()).isEmpty();
        assertThat(customers.rows()).containsExactly("1 ana Ana 3");
    }

    @Test
    void severalEventsOfAKeyInAStepAreOneChange() throws Exception {
        CustomerLake customers = new CustomerLake(local, "changes_");
        customers.take(List.of(CustomerEvent.of(1, "first", "", 1)));
        customers.take(List.of(
                CustomerEvent.of(1, "ana", "A", 1),
                CustomerEvent.of(1, "ana", "B", 2),
                CustomerEvent.of(1, "ana", "C", 3)));
        assertThat(customers.lastChanges()).containsExactly("insert 1");
        customers.take(List.of(CustomerEvent.of(1, "ana", "D", 4), CustomerEvent.deletion(1, "first", 2)));
        assertThat(customers.lastChanges()).containsExactly("delete 1", "update_postimage 1", "update_preimage 1");
        assertThat(customers.rows()).containsExactly("1 ana D 4");
    }
}
