package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A current table over a daily table with intervals, of which one is computed again while the commit stands in others. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class RowsTakenBackTest {
    private static final LocalDate FIRST = LocalDate.parse("2024-03-01");
    private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @Test
    void whatAnIntervalGivesUpIsTakenBack() throws Exception {
        CustomerLake customers = new CustomerLake(local, "intervals_");
        CustomerEvent ana = CustomerEvent.of(1, "ana", "Ana", 5);
        CustomerEvent bia = new CustomerEvent(
                1, Optional.of("bia"), "Bia", Optional.of(1L), false, ana.at().plusSeconds(3600));
        build(customers, List.of(ana, bia));
        assertThat(customers.rows()).containsExactly("1 ana Ana 5", "1 bia Bia 1");

        // It takes the place of the one with the greater sequence, which would stand in a fold.
        build(customers, List.of(CustomerEvent.of(1, "ana", "Anna", 3)));
        assertThat(customers.rows()).containsExactly("1 ana Anna 3", "1 bia Bia 1");

        // An interval that gives nothing up is read by itself.
        assertThat(build(customers, List.of(CustomerEvent.of(1, "caio", "Caio", 1))))
                .singleElement()
                .satisfies(run -> assertThat(run.balance().read()).isEqualTo(2));
        // With the other one, the first commit is gone, whose first interval was replaced and compared before.
        CustomerEvent davi = new CustomerEvent(1, Optional.of("davi"), "Davi", Optional.of(1L), false, bia.at());
        assertThat(build(customers, List.of(davi)))
                .singleElement()
                .satisfies(run -> assertThat(run.balance().read()).isEqualTo(2));
        assertThat(build(customers, List.of())).allMatch(run -> run.outcome() == TableRun.Outcome.UNCHANGED);
        assertThat(customers.rows()).containsExactly("1 ana Anna 3", "1 bia Bia 1", "1 caio Caio 1", "1 davi Davi 1");
    }

    private static List<TableRun> build(CustomerLake customers, List<CustomerEvent> events) throws Exception {
        customers.send(events);
        customers.land();
        customers.buildEvents(open(customers), List.of(FIRST));
        return customers.build(open(customers), Publishing.NONE, List.of(FIRST));
    }

    private static Lake open(CustomerLake customers) throws Exception {
        return customers.openAt(NOON, CustomerTables.leastByHour(), CustomerTables.customersOfEvents());
    }
}
