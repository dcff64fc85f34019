package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps of a current table that die, or run twice at once: each event counts once, and the ledger knows each commit. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class CurrentDeathsTest {
    private static final LocalDate FIRST = LocalDate.parse("2024-03-01");

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @Test
    void aStepThatDiesAnywhereIsDoneOnce() throws Exception {
        CustomerLake customers = new CustomerLake(local, "deaths_");
        List<CustomerEvent> all = new ArrayList<>();
        int number = 0;
        // Of the first step, the one that has the metastore show the table.
        for (Death death : List.of(Death.COMMITTED, Death.PLANNED, Death.WRITTEN, Death.PREPARED, Death.COMMITTED)) {
            List<CustomerEvent> events = events(++number);
            all.addAll(events);
            customers.send(events);
            customers.land();
            customers.buildAfter(death, FIRST);
            assertThat(customers.rows()).as("after dying at %s", death).isEqualTo(CustomerEvent.truth(all));
            assertThat(customers.feed()).as("feed after dying at %s", death).isEqualTo(CustomerEvent.truth(all));
        }
        assertEachCommitOnce(customers);
    }

    /** Deletions that no table has yet are none. */
    @Test
    void aStepThatDiesBeforeItsTableHasItsRowsIsDoneOnce() throws Exception {
        CustomerLake customers = new CustomerLake(local, "deaths_before_");
        customers.take(events(1));
        int folders = customers.foldersOfCommits("deleted").size();
        List<CustomerEvent> sent = new ArrayList<>(events(2));
        sent.add(new CustomerEvent(
                1, Optional.empty(), "X", Optional.of(1L), false, sent.get(0).at()));
        customers.send(sent);
        customers.land();
        Lake dying = Death.REMEMBERED.in(customers);
        assertThatThrownBy(() -> customers.build(dying, Publishing.NONE)).isInstanceOf(Killed.class);
        assertThat(customers.foldersOfCommits("deleted")).hasSize(folders + 1);
        assertThat(customers.unrecorded()).isZero();
        assertThat(customers.rows()).isEqualTo(CustomerEvent.truth(events(1)));

        customers.build(customers.open(Step.Listener.NONE), Publishing.NONE);
        sent.addAll(events(1));
        assertThat(customers.rows()).isEqualTo(CustomerEvent.truth(sent));
        assertThat(customers.feed()).isEqualTo(CustomerEvent.truth(sent));
        assertEachCommitOnce(customers);
    }

    /** The input commits of each entry are those that no entry before has read. */
    private static void assertEachCommitOnce(CustomerLake customers) throws Exception {
        Ledger ledger = customers.open(Step.Listener.NONE).ledger(CustomerLake.CUSTOMERS);
        Set<String> ids = new HashSet<>();
        for (long sequence = 1; sequence <= ledger.read().head(); sequence++) {
            Commit commit = ledger.commit(sequence);
            assertThat(ids.add(commit.commitId())).isTrue();
            assertThat(commit.delta()).isPresent();
        }
    }

    private static List<CustomerEvent> events(int number) {
        return List.of(
                CustomerEvent.of(1, "all", "step " + number, number),
                CustomerEvent.of(1, "c" + number, "new", 1),
                CustomerEvent.deletion(1, "c" + (number - 1), 2));
    }

    @Test
    void twoRunsOfAStepAtOnceMakeOneCommit() throws Exception {
        CustomerLake customers = new CustomerLake(local, "twice_");
        customers.take(events(1));
        customers.send(events(2));
        customers.land();
        CyclicBarrier bothHavePlanned = new CyclicBarrier(2);
        Callable<List<TableRun>> run = () -> {
            AtomicBoolean planned = new AtomicBoolean();
            Lake lake = customers.open(step -> {
                if (step == Step.PLANNED && !planned.getAndSet(true)) {
                    await(bothHavePlanned);
                }
            });
            return customers.build(lake, Publishing.NONE);
        };
        ExecutorService pool = Executors.newFixedThreadPool(2);
        List<TableRun.Outcome> outcomes = new ArrayList<>();
        try {
            for (Future<List<TableRun>> one : pool.invokeAll(List.of(run, run))) {
                one.get().forEach(result -> outcomes.add(result.outcome()));
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(outcomes).contains(TableRun.Outcome.COMMITTED);
        assertThat(customers.state().head()).isEqualTo(2);
        List<CustomerEvent> all = new ArrayList<>(events(1));
        all.addAll(events(2));
        assertThat(customers.rows()).isEqualTo(CustomerEvent.truth(all));
        assertThat(customers.feed()).isEqualTo(CustomerEvent.truth(all));
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
