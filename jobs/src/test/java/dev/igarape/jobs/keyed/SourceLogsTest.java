package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.keyed.SourceLogs.Extreme;
import dev.igarape.jobs.keyed.SourceLogs.Fault;
import dev.igarape.jobs.keyed.SourceLogs.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told of one log, and what of several, in whatever order and parts it is. */
final class SourceLogsTest {
    private static final long SEED = 7;
    private static final int ORDERS = 30;

    @Test
    void aLogThatIsReadOnceIsOne() {
        assertOne(snapshot(100, 0), snapshot(100, 0), first(101), change(110, 102), change(120, 103));
        // Told again after a crash; committed while the snapshot was read; clocks are set.
        assertOne(snapshot(100, 500), first(50, 501), change(110, 60, 502), change(110, 60, 900), change(120, 59, 503));
        assertOne(first(101), first(101), change(110, 102));
        // The first transaction was open across the snapshot, and the connector has started again within it.
        assertOne(snapshot(1_000, 20), first(15, 21), change(960, 15, 60), change(1_100, 30, 61));
        assertOne();
    }

    @Test
    void aSnapshotThatIsRepeatedBeforeAnyChangeIsTruth() {
        assertOne(snapshot(50, 0), snapshot(100, 10), snapshot(200, 20), first(21), change(210, 22));
    }

    @Test
    void aSnapshotAfterChangesIsANewOne() {
        assertFault(
                "has taken a new snapshot, at LSN 100, after it had told changes (or a worker's clock was set)",
                snapshot(50, 0),
                first(1),
                snapshot(100, 10),
                first(11));
        assertFault(
                "has taken a new snapshot, at LSN 90, after it had told changes (or a worker's clock was set)",
                change(5_000, 1_000),
                snapshot(90, 2_000));
        // Where envelopes do not say when they were told, the log does.
        assertFault(
                "has a snapshot at LSN 90 and changes behind an earlier commit, at LSN 20",
                of(0, Extreme.SNAPSHOT_LSN, 90, 0),
                change(20, 1));
    }

    @Test
    void aSnapshotOfAnotherLogIsANewOneAlthoughNothingHasChanged() {
        assertFault(
                "has taken a new snapshot, at LSN 90, after one at the greater LSN 100 (or a worker's clock was set)",
                snapshot(100, 0),
                snapshot(90, 10));
    }

    @Test
    void anotherLogIsToldFromTheFirstWithoutASnapshot() {
        String again = "has begun once more to tell changes, without the place where it was before";
        assertFault(again, first(1_000), first(2_000));
        assertFault(again, change(5_000, 1_000), change(5_100, 1_001), first(2_000));
        String smaller =
                "has told later changes at smaller LSNs, which are of another log (or the database's clock was set;"
                        + " compare with ./lake reconcile first)";
        assertFault(smaller, change(5_000, 1_000), change(6_000, 1_100), change(100, 2_000));
        assertFault(smaller, change(5_000, 1_000), change(100, 2_000), change(7_000, 3_000));
        assertFault(smaller, change(100, 1_000), change(6_000, 1_100), change(200, 2_000));
    }

    @Test
    void nothingIsLeftOfALogBeforeAFloorOfTheNextOne() {
        SourceLogs[] told = {snapshot(50, 0), first(1), snapshot(100, 10), of(1, Extreme.SNAPSHOT_LSN, 7, 0)};
        assertThat(faults(told))
                .allSatisfy(fault -> assertThat(fault.orElseThrow().epoch()).isZero());
        SourceLogs[] whole = Arrays.copyOf(told, told.length + 1);
        whole[told.length] = of(1, Extreme.FLOOR, 1, 0);
        assertOne(whole);
    }

    private static void assertOne(SourceLogs... told) {
        assertThat(faults(told)).isEqualTo(Set.of(Optional.empty()));
    }

    private static void assertFault(String problem, SourceLogs... told) {
        assertThat(faults(told)).isEqualTo(Set.of(Optional.of(new Fault(0, problem))));
    }

    /** What is found in different orders and parts, each of which is written down and read. */
    private static Set<Optional<Fault>> faults(SourceLogs... told) {
        Random random = new Random(SEED);
        Set<Optional<Fault>> found = new HashSet<>();
        for (int i = 0; i < ORDERS; i++) {
            List<SourceLogs> order = new ArrayList<>(List.of(told));
            Collections.shuffle(order, random);
            String known = "";
            SourceLogs step = new SourceLogs();
            for (SourceLogs change : order) {
                step.add(change);
                if (random.nextBoolean()) {
                    step.add(SourceLogs.parse(known));
                    known = step.text();
                    step = new SourceLogs();
                }
            }
            step.add(SourceLogs.parse(known));
            found.add(step.fault());
        }
        return found;
    }

    private static SourceLogs snapshot(long lsn, long told) {
        SourceLogs logs = of(0, Extreme.SNAPSHOT_LSN, lsn, 0);
        logs.add(of(0, Extreme.SNAPSHOT_TOLD, told * 1_000, lsn));
        return logs;
    }

    private static SourceLogs first(long second) {
        return first(second, second);
    }

    private static SourceLogs first(long committed, long told) {
        SourceLogs logs = of(0, Extreme.CHANGE_TOLD, told * 1_000, 0);
        logs.add(of(0, Extreme.FIRST_EARLIEST, committed * 1_000_000, 0));
        logs.add(of(0, Extreme.FIRST_LATEST, committed * 1_000_000, 0));
        return logs;
    }

    private static SourceLogs change(long commit, long second) {
        return change(commit, second, second);
    }

    private static SourceLogs change(long commit, long committed, long told) {
        SourceLogs logs = of(0, Extreme.CHANGE_TOLD, told * 1_000, 0);
        logs.add(of(0, Extreme.LEAST_COMMIT, commit, committed * 1_000_000));
        logs.add(of(0, Extreme.GREATEST_COMMIT, commit, committed * 1_000_000));
        logs.add(of(0, Extreme.EARLIEST, committed * 1_000_000, 0));
        logs.add(of(0, Extreme.LATEST, committed * 1_000_000, 0));
        return logs;
    }

    private static SourceLogs of(int epoch, Extreme extreme, long value, long more) {
        SourceLogs logs = new SourceLogs();
        logs.add(epoch, extreme, new Place(value, more));
        return logs;
    }
}
