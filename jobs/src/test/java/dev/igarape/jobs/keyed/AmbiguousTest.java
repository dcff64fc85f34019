package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events of equal sequence: the same row whenever they come, and counted by the step in which they meet. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class AmbiguousTest {
    private static final LocalDate FIRST = LocalDate.parse("2024-03-01");

    /** What comes in a step, and in the next one. */
    private record Told(List<CustomerEvent> first, List<CustomerEvent> then) {}

    /** Each of one key, a chapter of one table; chapters count from 1. */
    private static final List<Told> CASES = List.of(
            new Told(List.of(told("A/x", 1), told("B/x", 1)), List.of()),
            new Told(List.of(told("A/x", 1)), List.of(told("B/x", 1))),
            new Told(List.of(told("B/x", 1)), List.of(told("A/x", 1))),
            // The same again.
            new Told(List.of(told("A/x", 1)), List.of(told("A/x", 1))),
            // 5: of which a later one decides, which has come before, with them or after them.
            new Told(List.of(told("C/x", 2)), List.of(told("A/x", 1), told("B/x", 1))),
            new Told(List.of(told("A/x", 1)), List.of(told("B/x", 1), told("C/x", 2))),
            new Told(List.of(deleted(1)), List.of(told("A/x", 1))),
            new Told(List.of(told("A/x", 1)), List.of(deleted(1))),
            new Told(List.of(told("A/x", 1), told("B/x", 1)), List.of(told("C/x", 2))),
            // 10: where the last event tells no name, that of an earlier one stands.
            new Told(List.of(told("A/x", 1)), List.of(told("B/x", 1), told("-/y", 2))),
            new Told(List.of(told("A/x", 1), told("-/y", 2)), List.of(told("B/x", 1))),
            new Told(List.of(told("A/x", 1), told("-/y", 3)), List.of(deleted(1))),
            // 13: unless it is gone since, or told again.
            new Told(List.of(told("A/x", 1)), List.of(told("B/x", 1), deleted(2))),
            new Told(List.of(told("A/x", 1), told("C/y", 2)), List.of(told("B/z", 1))),
            // 15: deletions say the same, whatever else they bring.
            new Told(List.of(deleted(1)), List.of(deleted(1).named("Z/z"))),
            // 16: an event that tells no name does not say that there is none.
            new Told(List.of(told("A/x", 1)), List.of(told("-/x", 1))));

    private static LocalLake local;

    private final List<CustomerEvent> first = new ArrayList<>();
    private final List<CustomerEvent> then = new ArrayList<>();
    private final List<CustomerEvent> all = new ArrayList<>();

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    private static CustomerEvent told(String name, long sequence) {
        return CustomerEvent.of(0, "ana", name, sequence);
    }

    private static CustomerEvent deleted(long sequence) {
        return CustomerEvent.deletion(0, "ana", sequence).named("/");
    }

    /** Chapters 1 and 9 at first, then 2, 3, 7, 8 and 16; at once all but 9, where a later event decides. */
    @Test
    void currentTablesCountThem() throws Exception {
        CustomerLake customers = new CustomerLake(local, "ambiguous_current_");
        assertThat(counts(customers)).containsExactly(2, 5, 6);
        assertThat(customers.rows()).isEqualTo(CustomerEvent.truth(all));
    }

    /** Likewise, and then 10, 11 and 12, but not 16. */
    @Test
    void currentTablesCountThoseThatTellAColumn() throws Exception {
        CustomerLake customers = new CustomerLake(local, "ambiguous_kept_", CustomerTables.keepingNames());
        assertThat(counts(customers)).containsExactly(2, 7, 8);
        assertThat(customers.kept()).isEqualTo(CustomerEvent.kept(all));
    }

    /** Each event has a time of its own, which no later one decides: chapters 1 and 9, then all others but 4 and 15. */
    @Test
    void historiesCountThem() throws Exception {
        CustomerLake customers = new CustomerLake(local, "ambiguous_history_", CustomerTables.history());
        assertThat(counts(customers)).containsExactly(2, 12, 14);
        assertThat(customers.versions()).isEqualTo(CustomerEvent.versions(all));
    }

    @Test
    void areRefusedWhereTheTableSaysSo() throws Exception {
        CustomerLake failing = new CustomerLake(local, "ambiguous_fail_", CustomerTables.failingWhereAmbiguous());
        CustomerEvent known = CustomerEvent.of(1, "ana", "Ana", 1);
        failing.take(List.of(known));
        long head = failing.state().head();
        assertThatThrownBy(() -> failing.take(List.of(CustomerEvent.of(1, "ana", "Anna", 1))))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessage("Refused to build trusted.customers: 1 key has a last event that shares its sequence with"
                        + " another event of other content, e.g. {\"chapter\":1,\"id\":\"ana\"}. Nothing was committed, for"
                        + " the table declares `ambiguous_sequence: fail`. Add a column to sequence_by of"
                        + " trusted.customers that tells them apart, such as the offset, and run again; or declare"
                        + " `ambiguous_sequence: warn` to have one of them count: one that deletes its key,"
                        + " else the one whose content sorts last.");
        assertThat(failing.state().head()).isEqualTo(head);
        assertThat(failing.rows()).containsExactly("1 ana Ana 1");

        CustomerLake warning = failing.redefined(CustomerTables.customers());
        assertThat(warning.build(warning.open(Step.Listener.NONE), Publishing.NONE))
                .singleElement()
                .satisfies(run -> assertThat(run.warnings())
                        .containsExactly("1 key has a last event that shares its sequence with another event of other"
                                + " content, e.g. {\"chapter\":1,\"id\":\"ana\"}. One that deletes its key counts, else the one"
                                + " whose content sorts last. Add a column to sequence_by of trusted.customers that tells them apart, such as the"
                                + " offset."));
        assertThat(warning.rows()).containsExactly("1 ana Anna 1");
    }

    /** How many are told of after each of both steps, and where all events are read at once. */
    private List<Integer> counts(CustomerLake customers) throws Exception {
        for (int chapter = 1; chapter <= CASES.size(); chapter++) {
            int number = chapter;
            CASES.get(chapter - 1).first().forEach(event -> first.add(event.in(number)));
            CASES.get(chapter - 1).then().forEach(event -> then.add(event.in(number)));
        }
        all.addAll(first);
        all.addAll(then);
        List<TableRun> runs = new ArrayList<>(customers.take(first));
        runs.addAll(customers.take(then));
        Lake lake = customers.open(Step.Listener.NONE);
        runs.addAll(new KeyedBuild(
                        lake, Publishing.NONE, local::spark, lake.table(CustomerLake.CUSTOMERS), new KnownFiles())
                .again(List.of(FIRST)));
        return runs.stream()
                .flatMap(run -> run.warnings().isEmpty() ? Stream.of("0") : run.warnings().stream())
                .map(warning -> Integer.parseInt(warning.split(" ")[0]))
                .toList();
    }
}
