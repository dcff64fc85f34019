package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.PlannedDate;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a build of a current table refuses, counts, reads again and warns of. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class CurrentBuildTest {
    private static final LocalDate FIRST = LocalDate.parse("2024-03-01");

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @Test
    void balancesEachDate() throws Exception {
        CustomerLake customers = new CustomerLake(local, "balance_");
        CustomerEvent known = CustomerEvent.of(1, "ana", "Ana", 1);
        List<TableRun> runs = customers.take(List.of(
                known,
                known,
                CustomerEvent.of(1, "ana", "Anna", 2).later(1),
                CustomerEvent.deletion(1, "nobody", 1),
                without(Optional.empty(), Optional.of(1L)),
                without(Optional.of("bia"), Optional.empty())));
        assertThat(runs).extracting(run -> run.date().orElseThrow()).containsExactly(FIRST, FIRST.plusDays(1));
        assertThat(runs)
                .extracting(TableRun::balance)
                .containsExactly(new Balance(5, 1, 2, 0, 0, 2, 0), new Balance(1, 1, 0, 0, 0, 0, 0));
        assertThat(customers.rows()).containsExactly("1 ana Anna 2");
        assertThat(customers.state().quarantine())
                .singleElement()
                .satisfies(placed -> assertThat(placed.partition().rows()).isEqualTo(2));
    }

    private static CustomerEvent without(Optional<String> id, Optional<Long> sequence) {
        CustomerEvent whole = CustomerEvent.of(1, "x", "X", 1);
        return new CustomerEvent(1, id, "X", sequence, false, whole.at());
    }

    /** Rows in quarantine are of their date, and stay when more of the date come, until what refused them is mended. */
    @Test
    void keepsWhatItHasQuarantined() throws Exception {
        CustomerLake customers = new CustomerLake(local, "quarantine_");
        CustomerQuarantine quarantine = new CustomerQuarantine(customers);
        assertThat(customers.take(List.of(without(Optional.empty(), Optional.of(1L)))))
                .singleElement()
                .satisfies(run -> assertThat(run.warnings())
                        .singleElement()
                        .asString()
                        .startsWith("trusted.customers: all 1 row of 2024-03-01 went to quarantine, most by has_key (")
                        .contains("./lake quarantine replay trusted.customers"));
        assertThat(customers.take(List.of(
                        CustomerEvent.of(1, "ana", "Ana", 1),
                        CustomerEvent.of(1, "bia", "Bia", 1).later(1))))
                .allSatisfy(run -> assertThat(run.warnings()).isEmpty());
        assertThat(quarantine.rows()).containsExactly("has_key 1 X 1");
        // Not all rows of the date, though all that are new to it.
        assertThat(customers.take(
                        List.of(without(Optional.empty(), Optional.of(2L)).later(1))))
                .singleElement()
                .satisfies(run -> {
                    assertThat(run.balance().quarantined()).isEqualTo(1);
                    assertThat(run.warnings()).isEmpty();
                });
        assertThat(quarantine.rows()).containsExactly("has_key 1 X 1", "has_key 1 X 2");
        assertThat(customers.rows()).containsExactly("1 ana Ana 1", "1 bia Bia 1");

        assertThat(quarantine.replay())
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.outcome()).isEqualTo(TableRun.Outcome.UNCHANGED));
        CustomerLake mended = customers.redefined(CustomerTables.mended());
        assertThat(new CustomerQuarantine(mended).replay())
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.outcome()).isEqualTo(TableRun.Outcome.COMMITTED));
        assertThat(quarantine.rows()).isEmpty();
        assertThat(mended.rows()).containsExactly("1 ana Ana 1", "1 bia Bia 1", "1 nobody X 2");
    }

    @Test
    void aTableThatSaysFailRefusesADateOfWhichAllRowsAreRefused() throws Exception {
        CustomerLake customers = new CustomerLake(local, "all_refused_", CustomerTables.failing());
        customers.send(List.of(without(Optional.empty(), Optional.of(1L))));
        customers.land();
        assertThatThrownBy(() -> customers.build(customers.open(Step.Listener.NONE), Publishing.NONE))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContaining("all 1 row of 2024-03-01 went to quarantine")
                .hasMessageContaining("Nothing was committed, for the table declares `all_refused: fail`");
        assertThat(customers.state().head()).isZero();
        // What was refused is taken again, beside what is good.
        assertThat(customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1))))
                .singleElement()
                .satisfies(run -> assertThat(run.balance()).isEqualTo(new Balance(2, 1, 1, 0, 0, 0, 0)));
    }

    @Test
    void readsOnlyWhatIsNew() throws Exception {
        CustomerLake customers = new CustomerLake(local, "new_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1), CustomerEvent.of(1, "bia", "Bia", 1)));
        List<TableRun> runs = customers.take(List.of(CustomerEvent.of(1, "caio", "Caio", 1)));
        assertThat(runs)
                .singleElement()
                .satisfies(run -> assertThat(run.balance().read()).isEqualTo(1));
        assertThat(customers.rows()).containsExactly("1 ana Ana 1", "1 bia Bia 1", "1 caio Caio 1");
        assertThat(customers.build(customers.open(Step.Listener.NONE), Publishing.NONE, List.of(FIRST)))
                .singleElement()
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(TableRun.Outcome.UNCHANGED));
    }

    /** A process that has read the ledger long ago, such as a compaction that had to start Spark first. */
    @Test
    void stepsThatOthersHaveRecordedAreNotRecordedAgain() throws Exception {
        CustomerLake customers = new CustomerLake(local, "recorded_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1)));
        LedgerState old = customers.state();
        customers.take(List.of(CustomerEvent.of(1, "bia", "Bia", 1)));
        customers.take(List.of(CustomerEvent.of(1, "caio", "Caio", 1)));
        Lake lake = customers.open(Step.Listener.NONE);
        Ledger ledger = lake.ledger(CustomerLake.CUSTOMERS);
        long head = ledger.read().head();
        assertThat(new DeltaSteps(lake, CustomerTables.customers()).record(ledger, old))
                .isTrue();
        assertThat(ledger.read().head()).isEqualTo(head);
        // Nor where they are of a folder that is none of the table's any more.
        Lake redefined = customers.open(Step.Listener.NONE, CustomerTables.capitals());
        customers.build(redefined, Publishing.NONE, List.of(FIRST));
        head = ledger.read().head();
        new DeltaSteps(redefined, CustomerTables.capitals()).record(ledger, old);
        assertThat(ledger.read().head()).isEqualTo(head);
        assertThat(customers.rows()).containsExactly("1 ana ANA 1", "1 bia BIA 1", "1 caio CAIO 1");
    }

    @Test
    void aChangedDefinitionBuildsAllDatesAnew() throws Exception {
        CustomerLake customers = new CustomerLake(local, "redefined_");
        customers.take(List.of(
                CustomerEvent.of(1, "ana", "Ana", 1),
                CustomerEvent.deletion(1, "bia", 2).later(1)));
        String before = customers.folder();
        assertThat(new Planner(customers.open(Step.Listener.NONE, CustomerTables.capitals()))
                        .plan(Set.of(CustomerLake.CUSTOMERS)))
                .extracting(PlannedDate::status)
                .containsExactly(PlannedDate.Status.STALE, PlannedDate.Status.STALE);
        customers.build(customers.open(Step.Listener.NONE, CustomerTables.capitals()), Publishing.NONE, List.of(FIRST));
        assertThat(customers.folder()).isNotEqualTo(before);
        assertThat(customers.rows()).containsExactly("1 ana ANA 1");
        assertThat(new Planner(customers.open(Step.Listener.NONE, CustomerTables.capitals()))
                        .plan(Set.of(CustomerLake.CUSTOMERS)))
                .extracting(PlannedDate::status)
                .containsOnly(PlannedDate.Status.FRESH);
        // The deletion is known to the new table, too.
        customers.send(List.of(CustomerEvent.of(1, "bia", "Bia", 1)));
        customers.land();
        customers.build(customers.open(Step.Listener.NONE, CustomerTables.capitals()), Publishing.NONE);
        assertThat(customers.rows()).containsExactly("1 ana ANA 1");
    }

    /** And a column of the source that the table did not have is there of all rows. */
    @Test
    void rowsThatBreakARuleWhichIsAddedGoToQuarantine() throws Exception {
        CustomerLake before = new CustomerLake(local, "rule_");
        before.take(List.of(
                CustomerEvent.of(1, "ana", "Ana", 1),
                CustomerEvent.of(1, "ana", "bad", 2),
                CustomerEvent.of(1, "bia", "bad", 1),
                CustomerEvent.deletion(1, "caio", 2),
                CustomerEvent.of(1, "caio", "Caio", 1)));
        assertThat(before.rows()).containsExactly("1 ana bad 2", "1 bia bad 1");
        CustomerLake customers = before.redefined(CustomerTables.strict());
        CustomerQuarantine quarantine = new CustomerQuarantine(customers);
        Planner planner = new Planner(customers.open(Step.Listener.NONE));
        assertThat(planner.plan(Set.of(CustomerLake.CUSTOMERS))).singleElement().satisfies(planned -> {
            assertThat(planned.status()).isEqualTo(PlannedDate.Status.STALE);
            assertThat(planned.reasons()).containsExactly("its definition has changed");
        });
        assertThat(planner.redefinitions())
                .singleElement()
                .satisfies(changed ->
                        assertThat(changed.diff()).contains("+expect known_name (quarantine): name <> 'bad'"));

        assertThat(customers.build(customers.open(Step.Listener.NONE), Publishing.NONE))
                .singleElement()
                .satisfies(run -> assertThat(run.balance()).isEqualTo(new Balance(5, 2, 2, 0, 0, 1, 0)));
        assertThat(customers.rows()).containsExactly("1 ana Ana 1");
        assertThat(quarantine.rows()).containsExactly("known_name 1 ana bad 2", "known_name 1 bia bad 1");
        assertThat(customers.state().columns()).containsEntry("at", "bigint");
        assertThat(local.spark()
                        .read()
                        .format("delta")
                        .load(customers.folder())
                        .filter("at IS NULL")
                        .count())
                .isZero();

        customers.take(List.of(
                CustomerEvent.of(1, "bia", "bad", 3),
                CustomerEvent.of(1, "caio", "late", 1),
                CustomerEvent.of(1, "dora", "Dora", 1)));
        assertThat(customers.rows()).containsExactly("1 ana Ana 1", "1 dora Dora 1");
        assertThat(quarantine.rows()).hasSize(3).contains("known_name 1 bia bad 3");
        assertThat(customers.feed()).isEqualTo(customers.rows());
    }

    /** Nothing is compared with keys of another type, remembered deletions neither. */
    @Test
    void aKeyOfAnotherTypeBuildsAllDatesAnew() throws Exception {
        CustomerLake customers = new CustomerLake(local, "keytype_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1), CustomerEvent.deletion(1, "bia", 5)));
        String delta = customers.folder();
        CustomerLake after = customers.redefined(CustomerTables.chaptersAsText());
        after.take(List.of(CustomerEvent.of(1, "bia", "late", 4), CustomerEvent.of(2, "ana", "Anna", 1)));
        assertThat(after.rows()).containsExactly("1 ana Ana 1", "2 ana Anna 1");
        assertThat(after.state().columns()).containsEntry("chapter", "string");
        assertThat(after.folder()).isNotEqualTo(delta);
    }

    /** A date of the input that is built again may take back what stood: an earlier event, or none, stands then. */
    @Test
    void whatTheInputTakesBackIsTakenBack() throws Exception {
        CustomerLake customers = new CustomerLake(local, "restated_");
        LocalDate second = FIRST.plusDays(1);
        customers.send(List.of(
                CustomerEvent.of(1, "ana", "Ana", 1),
                CustomerEvent.of(1, "ana", "wrong", 2).later(1),
                CustomerEvent.of(1, "bia", "wrong", 1).later(1),
                CustomerEvent.of(1, "caio", "Caio", 1),
                new CustomerEvent(
                        1,
                        Optional.of("caio"),
                        "wrong",
                        Optional.of(2L),
                        true,
                        CustomerEvent.of(1, "", "", 0).at())));
        customers.land();
        Lake before =
                customers.open(Step.Listener.NONE, CustomerTables.events("true"), CustomerTables.customersOfEvents());
        customers.buildEvents(before, List.of(FIRST, second));
        customers.build(before, Publishing.NONE);
        assertThat(customers.rows()).containsExactly("1 ana wrong 2", "1 bia wrong 1");
        String delta = customers.folder();
        Lake after = customers.open(
                Step.Listener.NONE, CustomerTables.events("name <> 'wrong'"), CustomerTables.customersOfEvents());
        customers.buildEvents(after, List.of(FIRST, second));
        assertThat(customers.build(after, Publishing.NONE, List.of(second)))
                .singleElement()
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(TableRun.Outcome.COMMITTED));
        assertThat(customers.rows()).containsExactly("1 ana Ana 1", "1 caio Caio 1");
        assertThat(customers.folder()).isEqualTo(delta);
        assertThat(customers.lastChanges())
                .containsExactly("delete 1", "insert 1", "update_postimage 1", "update_preimage 1");
    }

    /** All events were wrong, a deletion among them, and are gone: what comes later is not held against it. */
    @Test
    void deletionsThatAreGoneAreForgotten() throws Exception {
        CustomerLake customers = new CustomerLake(local, "forgotten_");
        customers.send(List.of(CustomerEvent.of(1, "ana", "wrong", 1), CustomerEvent.deletion(1, "ana", 5)));
        customers.land();
        Lake before =
                customers.open(Step.Listener.NONE, CustomerTables.events("true"), CustomerTables.customersOfEvents());
        customers.buildEvents(before, List.of(FIRST));
        customers.build(before, Publishing.NONE);
        assertThat(customers.state().delta().orElseThrow().remembered()).hasSize(1);
        String right = "name = 'right'";
        Lake after =
                customers.open(Step.Listener.NONE, CustomerTables.events(right), CustomerTables.customersOfEvents());
        customers.buildEvents(after, List.of(FIRST));
        customers.build(after, Publishing.NONE, List.of(FIRST));
        assertThat(customers.state().delta().orElseThrow().remembered()).isEmpty();
        customers.send(List.of(CustomerEvent.of(1, "ana", "right", 3)));
        customers.land();
        Lake later =
                customers.open(Step.Listener.NONE, CustomerTables.events(right), CustomerTables.customersOfEvents());
        customers.buildEvents(later, List.of(FIRST));
        customers.build(later, Publishing.NONE, List.of(FIRST));
        assertThat(customers.rows()).containsExactly("1 ana right 3");
    }

    @Test
    void aDateWithoutEventsIsBuiltToo() throws Exception {
        CustomerLake customers = new CustomerLake(local, "empty_");
        customers.send(List.of(CustomerEvent.of(1, "ana", "Ana", 1)));
        customers.land();
        LocalDate empty = FIRST.minusDays(1);
        Lake lake = customers.open(Step.Listener.NONE);
        assertThat(customers.build(lake, Publishing.NONE, List.of(empty)))
                .singleElement()
                .satisfies(run -> assertThat(run.balance()).isEqualTo(Balance.NONE));
        assertThat(customers.rows()).isEmpty();
        customers.build(customers.open(Step.Listener.NONE), Publishing.NONE, List.of(empty, FIRST));
        assertThat(customers.rows()).containsExactly("1 ana Ana 1");
    }

    /** The folders of deletions are put together, and none is forgotten. */
    @Test
    void remembersDeletionsOfManySteps() throws Exception {
        CustomerLake customers = new CustomerLake(local, "deletions_");
        for (int step = 0; step < 7; step++) {
            customers.take(List.of(CustomerEvent.deletion(1, "c" + step, 5)));
        }
        assertThat(customers.state().delta().orElseThrow().remembered()).hasSizeLessThan(5);
        for (int step = 0; step < 7; step += 3) {
            customers.send(
                    List.of(CustomerEvent.of(1, "c" + step, "late", 4), CustomerEvent.of(1, "d" + step, "new", 4)));
        }
        customers.land();
        customers.build(customers.open(Step.Listener.NONE), Publishing.NONE);
        assertThat(customers.rows()).containsExactly("1 d0 new 4", "1 d3 new 4", "1 d6 new 4");
    }
}
