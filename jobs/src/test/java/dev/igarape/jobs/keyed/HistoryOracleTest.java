package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A history has the same versions in whatever order and steps its events come: those of {@link CustomerEvent#versions}. */
@ExtendWith(TestServers.class)
@Timeout(900)
final class HistoryOracleTest {
    private static final int CASES = 1000;
    private static final int STEPS = 8;
    private static final long SEED = 15;

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static CustomerLake lake(String prefix) {
        return new CustomerLake(local, prefix, CustomerTables.history());
    }

    /** Each case is a chapter: a few customers, events out of order, doubled, with equal times, deleted and come back. */
    @Test
    void anyOrderAndAnySplitIntoStepsGivesTheSameVersions() throws Exception {
        Random random = new Random(SEED);
        List<CustomerEvent> all = new ArrayList<>();
        List<List<CustomerEvent>> steps = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            steps.add(new ArrayList<>());
        }
        for (int chapter = 0; chapter < CASES; chapter++) {
            for (CustomerEvent event : story(chapter, random)) {
                all.add(event);
                steps.get(random.nextInt(STEPS)).add(event);
                if (random.nextInt(5) == 0) {
                    steps.get(random.nextInt(STEPS)).add(event);
                }
            }
        }
        CustomerLake customers = lake("history_oracle_");
        steps.forEach(step -> Collections.shuffle(step, random));
        customers.takeInTurn(steps);
        List<String> truth = CustomerEvent.versions(all);
        assertThat(truth).hasSizeGreaterThan(2 * CASES);
        assertThat(customers.versions()).isEqualTo(truth);
        assertThat(customers.feedOfVersions()).isEqualTo(truth);
        // Small folders of events were merged on the way.
        assertThat(customers.state().delta().orElseThrow().remembered()).hasSizeLessThan(STEPS);
    }

    private static List<CustomerEvent> story(int chapter, Random random) {
        List<CustomerEvent> events = new ArrayList<>();
        int customers = 1 + random.nextInt(3);
        for (int event = 0; event < 2 + random.nextInt(9); event++) {
            String id = "c" + random.nextInt(customers);
            long sequence = random.nextInt(7);
            CustomerEvent told = random.nextInt(5) == 0
                    ? CustomerEvent.deletion(chapter, id, sequence).named("/")
                    : CustomerEvent.of(chapter, id, name(random) + "/" + random.nextInt(3), sequence);
            events.add(told.later(random.nextInt(3)));
        }
        return events;
    }

    private static String name(Random random) {
        return List.of("-", "n1", "n2").get(random.nextInt(3));
    }

    /** What came first is set right by what comes later, and only that. */
    @Test
    void aVersionThatComesLateSplitsAnother() throws Exception {
        CustomerLake customers = lake("split_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "A/x", 1), CustomerEvent.of(1, "bia", "B/x", 1)));
        customers.take(List.of(CustomerEvent.of(1, "ana", "A/y", 5)));
        assertThat(customers.versions()).containsExactly("1 ana A y 5 1 now true", "1 bia B x 1 1 now true");

        customers.take(List.of(CustomerEvent.of(1, "ana", "C/z", 3)));
        assertThat(customers.versions())
                .containsExactly(
                        "1 ana A x 1 1 3 false",
                        "1 ana A y 5 5 now true",
                        "1 ana C z 3 3 5 false",
                        "1 bia B x 1 1 now true");
        assertThat(customers.lastChanges()).containsExactly("insert 2", "update_postimage 1", "update_preimage 1");
    }

    @Test
    void anEventThatChangesNothingIsNoChange() throws Exception {
        CustomerLake customers = lake("same_");
        List<CustomerEvent> first = List.of(
                CustomerEvent.of(1, "ana", "A/x", 1),
                CustomerEvent.deletion(1, "bia", 2).named("/"));
        customers.take(first);
        customers.take(first);
        assertThat(customers.lastChanges()).isEmpty();
        // Before a deletion, and another deletion after it.
        customers.take(List.of(CustomerEvent.deletion(1, "bia", 3).named("/")));
        assertThat(customers.lastChanges()).isEmpty();
        assertThat(customers.versions()).containsExactly("1 ana A x 1 1 now true");
    }

    @Test
    void aKeyThatComesBackStartsAVersion() throws Exception {
        CustomerLake customers = lake("back_");
        List<TableRun> runs = customers.take(List.of(
                CustomerEvent.of(1, "ana", "A/x", 1),
                CustomerEvent.of(1, "ana", "A/x", 9),
                CustomerEvent.of(1, "ana", "A/w", 9)));
        assertThat(runs.get(0).warnings())
                .singleElement()
                .asString()
                .startsWith(
                        "1 time of a key has several events of equal sequence and other content, e.g. {\"chapter\":1,"
                                + "\"id\":\"ana\",\"at\":\"2024-03-01T09:00:00")
                .contains("sequence_by of trusted.customers");
        customers.take(List.of(CustomerEvent.deletion(1, "ana", 4).named("/")));
        assertThat(customers.versions()).containsExactly("1 ana A x 1 1 4 false", "1 ana A x 9 9 now true");
    }

    @Test
    void aCommitSaysSinceWhenSomethingElseHolds() throws Exception {
        CustomerLake customers = lake("since_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "A/x", 1)));
        assertThat(since(customers)).contains(LocalDate.parse("2024-03-01"));
        customers.take(List.of(CustomerEvent.of(1, "ana", "B/x", 50)));
        assertThat(since(customers)).contains(LocalDate.parse("2024-03-03"));
        // The version of the first day ends earlier: on the second.
        customers.take(List.of(CustomerEvent.of(1, "ana", "C/x", 30)));
        assertThat(since(customers)).contains(LocalDate.parse("2024-03-02"));
        customers.take(List.of(CustomerEvent.of(1, "ana", "C/x", 30)));
        assertThat(since(customers)).isEmpty();
    }

    @Test
    void aStepThatDiesAnywhereIsDoneOnce() throws Exception {
        CustomerLake customers = lake("history_deaths_");
        LocalDate first = LocalDate.parse("2024-03-01");
        List<CustomerEvent> all = new ArrayList<>();
        // Of the first step, the one that leaves a table that nobody knows.
        for (Death death : List.of(Death.WRITTEN, Death.PLANNED, Death.WRITTEN, Death.PREPARED, Death.COMMITTED)) {
            List<CustomerEvent> events = events(all.size() + 1);
            all.addAll(events);
            customers.send(events);
            customers.land();
            customers.buildAfter(death, first);
            assertThat(customers.versions()).as("after dying at %s", death).isEqualTo(CustomerEvent.versions(all));
        }
        int folders = customers.foldersOfCommits("events").size();
        List<CustomerEvent> events = events(all.size() + 1);
        customers.send(events);
        // It goes to quarantine.
        customers.send(List.of(new CustomerEvent(
                1,
                Optional.empty(),
                "X/x",
                Optional.of(1L),
                false,
                events.get(0).at())));
        customers.land();
        Lake dying = Death.REMEMBERED.in(customers);
        assertThatThrownBy(() -> customers.build(dying, Publishing.NONE)).isInstanceOf(Killed.class);
        assertThat(customers.foldersOfCommits("events")).hasSize(folders + 1);
        assertThat(customers.unrecorded()).isZero();
        assertThat(customers.versions()).isEqualTo(CustomerEvent.versions(all));
        customers.build(customers.open(Step.Listener.NONE), Publishing.NONE);
        all.addAll(events);
        assertThat(customers.versions()).isEqualTo(CustomerEvent.versions(all));
        assertThat(customers.feedOfVersions()).isEqualTo(CustomerEvent.versions(all));
    }

    private static List<CustomerEvent> events(int number) {
        return List.of(
                CustomerEvent.of(1, "ana", "n" + number + "/x", 20 - number),
                CustomerEvent.deletion(1, "bia", number).named("/"),
                CustomerEvent.of(1, "bia", "B/" + number, 2 * number));
    }

    @Test
    void aKeyMayChangeAHundredThousandTimes() throws Exception {
        CustomerLake customers = lake("history_many_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "last/x", 200_000)));
        List<CustomerEvent> events = new ArrayList<>();
        for (int change = 0; change < 100_000; change++) {
            events.add(CustomerEvent.of(1, "ana", "n" + change % 2 + "/x", change));
        }
        customers.take(events);
        events.add(CustomerEvent.of(1, "ana", "last/x", 200_000));
        assertThat(customers.versions()).isEqualTo(CustomerEvent.versions(events));
    }

    /** Another definition has all versions computed again, in another folder. */
    @Test
    void anotherDefinitionChangesWhatDiffers() throws Exception {
        List<CustomerEvent> events = List.of(
                CustomerEvent.of(1, "ana", "A/x", 1),
                CustomerEvent.of(1, "ana", "A/y", 2),
                CustomerEvent.of(1, "bia", "B/x", 1));
        CustomerLake before = lake("redefined_");
        before.take(events);
        String folderBefore = before.folder();
        CustomerLake customers = before.redefined(CustomerTables.historyOf(List.of("name", "note")));
        customers.build(customers.open(Step.Listener.NONE), Publishing.NONE);
        assertThat(customers.versions())
                .containsExactly("1 ana A x 1 1 2 false", "1 ana A y 2 2 now true", "1 bia B x 1 1 now true");
        assertThat(customers.folder()).isNotEqualTo(folderBefore);
        // What came before is known to the table in its new folder.
        customers.take(List.of(CustomerEvent.of(1, "ana", "B/x", 0), CustomerEvent.of(1, "bia", "B/x", 3)));
        assertThat(customers.versions())
                .containsExactly(
                        "1 ana A x 1 1 2 false",
                        "1 ana A y 2 2 now true",
                        "1 ana B x 0 0 1 false",
                        "1 bia B x 3 1 now true");
    }

    /** Events that the input takes back from a date on are gone, and the rest is as in a table that never had them. */
    @Test
    void aHistoryThatIsRestatedFromADateIsTheOneBuiltWhole() throws Exception {
        CustomerLake customers = lake("restated_history_");
        LocalDate first = LocalDate.parse("2024-03-01");
        LocalDate second = first.plusDays(1);
        List<CustomerEvent> right = List.of(
                CustomerEvent.of(1, "ana", "A/x", 1),
                CustomerEvent.of(1, "ana", "B/x", 50).later(1),
                CustomerEvent.of(1, "ana", "B/y", 60).later(1),
                CustomerEvent.of(1, "bia", "B/x", 2));
        List<CustomerEvent> all = new ArrayList<>(right);
        all.add(CustomerEvent.of(1, "ana", "wrong/x", 30).later(1));
        all.add(CustomerEvent.of(1, "ana", "B/wrong", 70).later(1));
        all.add(CustomerEvent.deletion(1, "bia", 40).named("wrong/").later(1));
        all.add(CustomerEvent.of(1, "caio", "wrong/x", 40).later(1));
        customers.send(all);
        customers.land();
        Table history = CustomerTables.historyOfEvents();
        Lake before = customers.open(Step.Listener.NONE, CustomerTables.events("true"), history);
        customers.buildEvents(before, List.of(first, second));
        customers.build(before, Publishing.NONE);
        assertThat(customers.versions()).isEqualTo(CustomerEvent.versions(all));

        Lake after = customers.open(Step.Listener.NONE, CustomerTables.events("name NOT LIKE '%wrong%'"), history);
        customers.buildEvents(after, List.of(second));
        customers.build(after, Publishing.NONE, List.of(second));
        List<String> restated = customers.versions();
        assertThat(restated).isEqualTo(CustomerEvent.versions(right));
        assertThat(customers.feedOfVersions()).isEqualTo(restated);
        assertThat(since(customers)).contains(second);
        // What was taken back is not held against what comes later.
        customers.send(List.of(CustomerEvent.of(1, "bia", "B/z", 45).later(1)));
        customers.land();
        Lake later = customers.open(Step.Listener.NONE, CustomerTables.events("name NOT LIKE '%wrong%'"), history);
        customers.buildEvents(later, List.of(second));
        customers.build(later, Publishing.NONE, List.of(second));
        List<String> held = customers.versions();

        String folderBefore = customers.folder();
        later.files().delete(new org.apache.hadoop.fs.Path(later.target().ledgerFolder(CustomerLake.CUSTOMERS)), true);
        Lake anew = customers.open(Step.Listener.NONE, CustomerTables.events("name NOT LIKE '%wrong%'"), history);
        customers.build(anew, Publishing.NONE, List.of(first, second));
        assertThat(customers.folder()).isNotEqualTo(folderBefore);
        assertThat(customers.versions()).isEqualTo(held).contains("1 bia B z 45 2 now true");
    }

    private static Optional<LocalDate> since(CustomerLake customers) throws Exception {
        return customers.state().delta().orElseThrow().changedSince();
    }
}
