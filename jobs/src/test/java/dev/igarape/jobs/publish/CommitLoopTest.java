package dev.igarape.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommitLoopTest {
    private static final Table TABLE = EventsLake.raw();
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");

    @TempDir
    private Path folder;

    private final List<String> events = new ArrayList<>();
    private Ledger ledger;
    private CommitLoop loop;

    @BeforeEach
    void open() throws IOException {
        Step.Listener steps = step -> events.add(step.toString());
        ledger = ledger(steps);
        loop = new CommitLoop(TABLE, ledger, (table, shown) -> events.add("published " + table.name()), steps);
    }

    @Test
    void asksForTheResultOnceTheCommitIsPublished() throws Exception {
        long sequence = loop.run(
                "commit",
                "built it",
                state -> new CommitLoop.Draft<>(draft("a"), commit -> {
                    events.add("result");
                    return commit.sequence();
                }));

        assertThat(sequence).isEqualTo(1);
        assertThat(events).containsExactly("written", "prepared", "committed", "published raw.events", "result");
    }

    @Test
    void startsAnewOnTheStateThatTheWinnerLeft() throws Exception {
        List<Long> heads = new ArrayList<>();
        String id = loop.run("commit", "built it", state -> {
            heads.add(state.head());
            if (heads.size() == 1) {
                otherRun("winner");
            }
            return new CommitLoop.Draft<>(draft("attempt" + heads.size()), Commit::commitId);
        });

        assertThat(heads).containsExactly(0L, 1L);
        assertThat(id).isEqualTo("attempt2");
        assertThat(ledger.read().builtOf(DAY).orElseThrow().sequence()).isEqualTo(2);
        assertThat(events).filteredOn("published raw.events"::equals).hasSize(1);
    }

    @Test
    void givesUpWhereOtherRunsComeFirstEachTime() throws Exception {
        List<Long> heads = new ArrayList<>();
        assertThatThrownBy(() -> loop.run("commit to raw.events", "built the same dates", state -> {
                    heads.add(state.head());
                    otherRun("winner" + heads.size());
                    return new CommitLoop.Draft<>(draft("attempt" + heads.size()), Commit::commitId);
                }))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessage("Cannot commit to raw.events: other runs built the same dates 5 times while this one was at"
                        + " work. Run again when they have ended.");

        assertThat(heads).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertThat(ledger.read().head()).isEqualTo(5);
        assertThat(events).doesNotContain("published raw.events");
    }

    @Test
    void publishesWhatADeadRunMayHaveCommittedWhereNothingIsDue() throws Exception {
        String result = loop.run(
                "commit",
                "built it",
                state -> new CommitLoop.Unchanged<>(() -> {
                    events.add("result");
                    return "nothing due";
                }));

        assertThat(result).isEqualTo("nothing due");
        assertThat(events).containsExactly("published raw.events", "result");
    }

    @Test
    void aStoppedAttemptLeavesNoTrace() throws Exception {
        assertThat(loop.<String>run("commit", "built it", state -> new CommitLoop.Stopped<>("dry run")))
                .isEqualTo("dry run");
        assertThat(events).isEmpty();
        assertThat(ledger.read().head()).isZero();
    }

    @Test
    void makesTheFirstAttemptOnAStateThatWasReadBefore() throws Exception {
        LedgerState before = ledger.read();
        otherRun("winner");
        List<Long> heads = new ArrayList<>();
        loop.run("commit", "built it", before, state -> {
            heads.add(state.head());
            return new CommitLoop.Draft<>(draft("a"), Commit::sequence);
        });

        assertThat(heads).containsExactly(0L, 1L);
    }

    private Ledger ledger(Step.Listener steps) throws IOException {
        return new Ledger(
                TABLE.name(),
                new Configuration(),
                folder.resolve("ledger").toUri().toString(),
                Clock.systemUTC(),
                steps);
    }

    /** Another run commits the same date. */
    private void otherRun(String id) throws IOException {
        Ledger other = ledger(Step.Listener.NONE);
        other.commit(draft(id), other.read());
    }

    private static Commit draft(String id) {
        Balance balance = Balance.landed(1, 1, 0);
        return Commit.of(TABLE.name(), id)
                .by("run-" + id, Operation.BUILD)
                .dates(List.of(new DateBuild(DAY, Map.of(), true, balance, List.of())))
                .partitions(List.of(new PartitionVersion(DAY, Optional.empty(), id + "/date=" + DAY, 1, 1, 100)))
                .balance(balance)
                .build();
    }
}
