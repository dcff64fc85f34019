package dev.igarape.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
    private static final TableName TABLE = TableName.parse("trusted.orders");
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");

    private static final Instant NOON = Instant.parse("2024-01-02T12:00:00Z");

    @TempDir
    private Path folder;

    private Ledger ledger;

    @BeforeEach
    void open() throws IOException {
        ledger = ledger(Step.Listener.NONE);
    }

    private Ledger ledger(Step.Listener steps) throws IOException {
        return ledger(Clock.systemUTC(), steps);
    }

    private Ledger ledger(Clock clock, Step.Listener steps) throws IOException {
        return new Ledger(
                TABLE, new Configuration(), folder.resolve("ledger").toUri().toString(), clock, steps);
    }

    /** Commits a date by a machine whose clock says so, after what is there. */
    private Commit commitAt(Instant time, LocalDate date) throws IOException {
        Ledger machine = ledger(Clock.fixed(time, ZoneOffset.UTC), Step.Listener.NONE);
        CommitResult result = machine.commit(build("at " + date, date, 1), machine.read());
        return ((CommitResult.Committed) result).commit();
    }

    @Test
    void startsEmpty() throws IOException {
        assertThat(ledger.read().head()).isZero();
        assertThat(ledger.read().partitions()).isEmpty();
    }

    @Test
    void numbersCommitsFromOne() throws IOException {
        CommitResult first = ledger.commit(build("a", FIRST, 10), ledger.read());
        CommitResult second = ledger.commit(build("b", FIRST.plusDays(1), 5), ledger.read());
        assertThat(((CommitResult.Committed) first).commit().sequence()).isEqualTo(1);
        assertThat(((CommitResult.Committed) second).commit().sequence()).isEqualTo(2);
        assertThat(ledger.read().head()).isEqualTo(2);
    }

    @Test
    void aDateBelongsToItsLastCommit() throws IOException {
        ledger.commit(build("a", FIRST, 10), ledger.read());
        ledger.commit(build("b", FIRST, 12), ledger.read());
        LedgerState state = ledger.read();
        assertThat(state.partitionsOf(FIRST))
                .extracting(p -> p.partition().path())
                .containsExactly("b/date=2024-01-01");
        assertThat(state.builtOf(FIRST).orElseThrow().sequence()).isEqualTo(2);
    }

    @Test
    void disjointDatesBothCommitFromOneBasis() throws IOException {
        LedgerState basis = ledger.read();
        ledger.commit(build("a", FIRST, 1), basis);
        CommitResult late = ledger.commit(build("b", FIRST.plusDays(1), 1), basis);
        assertThat(((CommitResult.Committed) late).commit().sequence()).isEqualTo(2);
    }

    @Test
    void theSameDateFromOneBasisIsOvertaken() throws IOException {
        LedgerState basis = ledger.read();
        ledger.commit(build("a", FIRST, 1), basis);
        CommitResult late = ledger.commit(build("b", FIRST, 1), basis);
        assertThat(late).isInstanceOf(CommitResult.Overtaken.class);
        assertThat(ledger.read().head()).isEqualTo(1);
    }

    @Test
    void theSameTopicFromOneBasisIsOvertaken() throws IOException {
        LedgerState basis = ledger.read();
        ledger.commit(landing("a", new Consumed.Offsets(0, 5)), basis);
        CommitResult late = ledger.commit(landing("b", new Consumed.Offsets(0, 5)), basis);
        assertThat(late).isInstanceOf(CommitResult.Overtaken.class);
        assertThat(ledger.read().nextOffsets()).isEqualTo(Map.of("orders", Map.of(0, 5L)));
    }

    @Test
    void aCommitRepeatedAfterALostReplyIsOneCommit() throws IOException {
        LedgerState basis = ledger.read();
        Commit draft = build("a", FIRST, 1);
        ledger.commit(draft, basis);
        CommitResult again = ledger.commit(draft, basis);
        assertThat(((CommitResult.Committed) again).commit().sequence()).isEqualTo(1);
        assertThat(ledger.read().head()).isEqualTo(1);
    }

    @Test
    void refusesWhatDoesNotBalance() {
        Commit draft = build("a", FIRST, 10, new Balance(10, 9, 0, 0, 0, 0, 0));
        assertThatThrownBy(() -> ledger.commit(draft, ledger.read()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.EXPECTATION))
                .hasMessageContaining("Refused to commit to trusted.orders: rows do not balance");
    }

    @Test
    void refusesCountsThatTheFilesContradict() throws IOException {
        Commit draft = build("a", FIRST, 9, new Balance(10, 10, 0, 0, 0, 0, 0));
        assertThatThrownBy(() -> ledger.commit(draft, ledger.read())).hasMessageContaining("files hold 9 written");
        assertThat(ledger.read().head()).isZero();
    }

    @Test
    void snapshotsTellTheSameAsTheCommits() throws IOException {
        List<Commit> commits = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            CommitResult result = ledger.commit(build("c" + i, FIRST.plusDays(i % 40), i), ledger.read());
            commits.add(((CommitResult.Committed) result).commit());
        }
        assertThat(snapshots()).hasSize(2);
        assertThat(ledger.read()).isEqualTo(LedgerState.empty(TABLE).with(commits));
    }

    @Test
    void snapshotsAreRarerWhereTheStateIsLongerThanItsCommits() throws IOException {
        writeByHand(1, everyDate(2_000));
        for (int i = 2; i <= 60; i++) {
            ledger.commit(build("c" + i, FIRST, i), ledger.read());
        }
        assertThat(snapshots()).containsExactly("000000000050.snapshot");

        for (int i = 61; i <= 200; i++) {
            ledger.commit(build("c" + i, FIRST, i), ledger.read());
        }
        assertThat(snapshots()).containsExactly("000000000050.snapshot");
    }

    @Test
    void aProgramThatStartsReadsAThousandCommitsAtMost() throws IOException {
        writeByHand(1, everyDate(10_000));
        for (int i = 2; i <= 50; i++) {
            ledger.commit(build("c" + i, FIRST, i), ledger.read());
        }
        for (int i = 51; i <= 1_048; i++) {
            writeByHand(i, build("c" + i, FIRST, i));
        }
        ledger.commit(build("c1049", FIRST, 1), ledger.read());
        assertThat(snapshots()).containsExactly("000000000050.snapshot");

        ledger.commit(build("c1050", FIRST, 1), ledger.read());

        assertThat(snapshots()).containsExactly("000000000050.snapshot", "000000001050.snapshot");
    }

    @Test
    void readsNothingTwice() throws IOException {
        for (int i = 1; i <= 3; i++) {
            ledger.commit(build("c" + i, FIRST.plusDays(i), i), ledger.read());
        }
        ledger.read();
        Ledger other = ledger(Step.Listener.NONE);
        other.commit(build("other", FIRST, 1), other.read());
        for (int i = 1; i <= 2; i++) {
            Files.writeString(entry(i), "whoever reads this fails");
        }

        assertThat(ledger.read().partitions())
                .extracting(placed -> placed.partition().path())
                .containsExactly(
                        "c1/date=2024-01-02", "c2/date=2024-01-03", "c3/date=2024-01-04", "other/date=2024-01-01");
        assertThatThrownBy(() -> ledger(Step.Listener.NONE).read()).hasMessageContaining("It is damaged");
    }

    @Test
    void noticesThatTheLedgerWasRestoredFromAnOlderBackup() throws IOException {
        for (int i = 1; i <= 3; i++) {
            ledger.commit(build("c" + i, FIRST.plusDays(i), i), ledger.read());
        }
        Ledger.Reading before = ledger.reading();
        Files.delete(entry(3));
        Files.delete(entry(2));

        Ledger.Reading restored = ledger.reading();

        assertThat(restored.state().head()).isEqualTo(1);
        assertThat(restored.history()).isNotEqualTo(before.history());
        assertThat(restored.state().partitionsOf(FIRST.plusDays(3))).isEmpty();
    }

    @Test
    void noticesThatTheRestoredLedgerHasGoneOnMeanwhile() throws IOException {
        for (int i = 1; i <= 2; i++) {
            ledger.commit(build("c" + i, FIRST.plusDays(i), i), ledger.read());
        }
        Ledger.Reading before = ledger.reading();
        Files.delete(entry(2));
        Ledger other = ledger(Step.Listener.NONE);
        other.commit(build("another", FIRST, 1), other.read());
        other.commit(build("next", FIRST.plusDays(9), 1), other.read());

        Ledger.Reading restored = ledger.reading();

        assertThat(restored.history()).isNotEqualTo(before.history());
        assertThat(restored.state()).isEqualTo(other.read());
        assertThat(ledger.reading().history()).isEqualTo(restored.history());
    }

    @Test
    void twoThreadsShareOneLedger() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = new ArrayList<>();
            for (String thread : List.of("a", "b")) {
                both.add(threads.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        LocalDate date = FIRST.plusDays(i + (thread.equals("a") ? 0 : 100));
                        assertThat(ledger.commit(build(thread + i, date, 1), ledger.read()))
                                .isInstanceOf(CommitResult.Committed.class);
                    }
                    return null;
                }));
            }
            for (Future<?> each : both) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(ledger.read().head()).isEqualTo(120);
        assertThat(ledger.read()).isEqualTo(ledger(Step.Listener.NONE).read());
    }

    @Test
    void aStateStaysAsItWasWhenTheLedgerGoesOn() throws IOException {
        ledger.commit(landing("a", new Consumed.Offsets(0, 5)), ledger.read());
        LedgerState before = ledger.read();
        ledger.commit(landing("b", new Consumed.Offsets(5, 8)), ledger.read());
        ledger.commit(build("c", FIRST, 1), ledger.read());
        ledger.read();

        assertThat(before.partitionsOf(FIRST)).hasSize(1);
        assertThat(before.builtOf(FIRST)).isEmpty();
        assertThat(before.nextOffsets()).isEqualTo(Map.of("orders", Map.of(0, 5L)));
        assertThat(before).isEqualTo(ledger.readAt(1));
    }

    @Test
    void tellsWhatCommitsHaveWrittenSince() throws IOException {
        for (int i = 1; i <= 4; i++) {
            ledger.commit(build("c" + i, FIRST.plusDays(i % 3), i), ledger.read());
        }
        List<LedgerState.CurrentPartition> partitions = ledger.read().partitions();

        assertThat(LedgerState.since(2, partitions))
                .extracting(placed -> placed.partition().path())
                .containsExactly("c3/date=2024-01-01", "c4/date=2024-01-02");
        assertThat(LedgerState.since(0, partitions)).isEqualTo(partitions);
        assertThat(LedgerState.since(4, partitions)).isEmpty();
    }

    private Path entry(long sequence) throws IOException {
        Path entry = folder.resolve("ledger").resolve("%012d.json".formatted(sequence));
        Files.deleteIfExists(entry.resolveSibling("." + entry.getFileName() + ".crc"));
        return entry;
    }

    /** Puts an entry there as a ledger does, but fast. */
    private void writeByHand(long sequence, Commit commit) throws IOException {
        Files.createDirectories(folder.resolve("ledger"));
        Files.write(entry(sequence), Json.mapper().writeValueAsBytes(commit.at(sequence, NOON)));
    }

    private List<String> snapshots() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("ledger"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".snapshot") && !name.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static Commit everyDate(int dates) {
        return Commit.of(TABLE, "all")
                .by("run", Operation.BUILD)
                .partitions(FIRST.datesUntil(FIRST.plusDays(dates))
                        .map(date -> new PartitionVersion(date, Optional.empty(), "all/date=" + date, 1, 1, 100))
                        .toList())
                .balance(Balance.landed(dates, dates, 0))
                .build();
    }

    @Test
    void leavesNothingUnderTemporaryNamesAfterACommit() throws IOException {
        ledger.commit(build("a", FIRST, 1), ledger.read());
        try (Stream<Path> files = Files.list(folder.resolve("ledger"))) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith("_tmp"));
        }
    }

    @Test
    void aCommitByAClockThatIsBehindIsNotOlderThanTheOneBefore() throws IOException {
        commitAt(NOON, FIRST);
        commitAt(NOON.plusSeconds(60), FIRST.plusDays(1));

        Commit behind = commitAt(NOON.minus(Duration.ofDays(8)), FIRST.plusDays(2));
        Commit after = commitAt(NOON.plusSeconds(120), FIRST.plusDays(3));

        assertThat(behind.committedAt()).isEqualTo(NOON.plusSeconds(60));
        assertThat(after.committedAt()).isEqualTo(NOON.plusSeconds(120));
        assertThat(ledger.lastBefore(NOON, ledger.read())).isZero();
        assertThat(ledger.lastBefore(NOON.plusSeconds(60), ledger.read())).isEqualTo(1);
        assertThat(ledger.lastBefore(NOON.plusSeconds(61), ledger.read())).isEqualTo(3);
    }

    @Test
    void whoLosesTheRaceCommitsNoEarlierThanTheWinner() throws IOException {
        LedgerState basis = ledger.read();
        commitAt(NOON, FIRST);
        Ledger behind = ledger(Clock.fixed(NOON.minusSeconds(60), ZoneOffset.UTC), Step.Listener.NONE);

        CommitResult late = behind.commit(build("b", FIRST.plusDays(1), 1), basis);

        assertThat(((CommitResult.Committed) late).commit().committedAt()).isEqualTo(NOON);
    }

    @Test
    void tellsPreparedBeforeCommitted() throws IOException {
        List<Step> steps = new ArrayList<>();
        Ledger told = ledger(steps::add);
        told.commit(build("a", FIRST, 1), told.read());
        assertThat(steps).containsExactly(Step.PREPARED, Step.COMMITTED);
    }

    @Test
    void refusesAnEntryOfALaterFormatWhateverElseItSays() throws IOException {
        ledger.commit(build("a", FIRST, 1), ledger.read());
        rewrite("\"version\":6", "\"version\":9,\"unheard_of\":true");
        assertThatThrownBy(() -> ledger.read())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("in format 9; this program reads formats 1 to 6");
    }

    @Test
    void readsEntriesOfTheFirstFormatAndGoesOnInItsOwn() throws IOException {
        Path file = Files.createDirectories(folder.resolve("ledger")).resolve("000000000001.json");
        Files.writeString(file, """
                {"version":1,"table":"trusted.orders","sequence":1,"commit_id":"a","run_id":"r","operation":"build",
                "committed_at":"2024-01-02T00:00:00Z","definition_hash":"hash","columns":{"id":"bigint"},"offsets":{},
                "topic_ids":{},"accepted_gaps":[],"dates":[],"partitions":[{"date":"2024-01-01","path":"a/date=2024-01-01",
                "files":1,"rows":1,"bytes":100}],"quarantine":[],"balance":{"read":1,"written":1,"quarantined":0,"dropped":0,
                "filtered":0,"duplicates":0,"late":0}}""");
        ledger.commit(build("b", FIRST.plusDays(1), 1), ledger.read());
        assertThat(ledger.read().partitions())
                .extracting(placed -> placed.partition().path(), LedgerState.CurrentPartition::rowsByCommit)
                .containsExactly(
                        tuple("a/date=2024-01-01", RowsByCommit.of(1, 1)),
                        tuple("b/date=2024-01-02", RowsByCommit.of(2, 1)));
        assertThat(ledger.commit(2).version()).isEqualTo(Commit.VERSION);
    }

    @Test
    void readsWhatHeldAfterAnEarlierCommit() throws IOException {
        for (int i = 0; i < 60; i++) {
            ledger.commit(build("c" + i, FIRST, i), ledger.read());
        }
        assertThat(ledger.readAt(55).partitionsOf(FIRST).get(0).partition().path())
                .isEqualTo("c54/date=2024-01-01");
        assertThat(ledger.readAt(7).head()).isEqualTo(7);
        assertThat(ledger.readAt(0)).isEqualTo(LedgerState.empty(TABLE));
    }

    @Test
    void twoReplaysOfOneQuarantinePartitionAreOne() throws IOException {
        LedgerState basis = ledger.read();
        ledger.commit(replay("a", 5), basis);
        assertThat(ledger.commit(replay("b", 5), basis)).isInstanceOf(CommitResult.Overtaken.class);
    }

    @Test
    void aReplayGoesBesideALanding() throws IOException {
        LedgerState basis = ledger.read();
        ledger.commit(landing("a", new Consumed.Offsets(0, 5)), basis);
        CommitResult beside = ledger.commit(replay("b", 5), basis);
        assertThat(((CommitResult.Committed) beside).commit().sequence()).isEqualTo(2);
        assertThat(ledger.read().nextOffsets()).isEqualTo(Map.of("orders", Map.of(0, 5L)));
    }

    @Test
    void aReplayDoesNotTakeBackColumnsThatALandingHasAdded() throws IOException {
        LedgerState basis = ledger.read();
        Commit wider = Commit.of(TABLE, "a")
                .by("run", Operation.LAND)
                .columns(Map.of("id", "bigint", "note", "string"))
                .build();
        ledger.commit(wider, basis);
        assertThat(ledger.commit(replay("b", 5), basis)).isInstanceOf(CommitResult.Overtaken.class);
    }

    @Test
    void rowsThatWereOnlyMovedCountToTheCommitsThatBroughtThem() throws IOException {
        ledger.commit(landing("a", new Consumed.Offsets(0, 5)), ledger.read());
        ledger.commit(landing("b", new Consumed.Offsets(5, 8)), ledger.read());
        PartitionVersion whole = new PartitionVersion(FIRST, Optional.of("a"), "c/date=" + FIRST, 1, 8, 100)
                .from(RowsByCommit.of(Map.of("1-2", 8L)));
        PartitionVersion rest =
                PartitionVersion.emptied(new PartitionVersion.Key(FIRST, Optional.of("b"), Optional.empty()));
        ledger.commit(
                Commit.of(TABLE, "c")
                        .by("run", Operation.COMPACT)
                        .partitions(List.of(whole, rest))
                        .balance(Balance.landed(8, 8, 0))
                        .build(),
                ledger.read());
        LedgerState state = ledger.read();
        assertThat(state.partitionsOf(FIRST))
                .singleElement()
                .satisfies(placed -> assertThat(placed.rowsByCommit()).hasToString("{1-2=8}"));
        assertThat(state.columns()).isEqualTo(Map.of("id", "bigint"));
    }

    @Test
    void aRunWhoseFilesWereCleanedAwayCanNotCommitThem() throws IOException {
        LedgerState basis = ledger.read();
        Commit clean = Commit.of(TABLE, "clean")
                .by("run", Operation.CLEAN)
                .cleaned(new Cleaned(List.of(), List.of(), List.of("stalled"), List.of()))
                .build();
        ledger.commit(clean, basis);
        assertThatThrownBy(() -> ledger.commit(build("stalled", FIRST, 1), basis))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("cleaned away by commit 1 while it stood still");
        assertThat(ledger.commit(build("stalled2", FIRST, 1), basis)).isInstanceOf(CommitResult.Committed.class);
    }

    @Test
    void cleaningGivesWayToACommitThatRefersToItsFiles() throws IOException {
        LedgerState basis = ledger.read();
        ledger.commit(build("a", FIRST, 1), basis);
        Commit clean = Commit.of(TABLE, "clean")
                .by("run", Operation.CLEAN)
                .cleaned(new Cleaned(List.of(), List.of(), List.of("a"), List.of()))
                .build();
        assertThat(ledger.commit(clean, basis)).isInstanceOf(CommitResult.Overtaken.class);
    }

    private void rewrite(String text, String by) throws IOException {
        Path file = folder.resolve("ledger/000000000001.json");
        String entry = Files.readString(file);
        assertThat(entry).contains(text);
        Files.writeString(file, entry.replace(text, by));
        Files.deleteIfExists(folder.resolve("ledger/.000000000001.json.crc"));
    }

    private static Commit replay(String id, long rows) {
        return Commit.of(TABLE, id)
                .by("run-" + id, Operation.REPLAY)
                .columns(Map.of("id", "bigint"))
                .partitions(List.of(new PartitionVersion(FIRST, Optional.of(id), id + "/date=" + FIRST, 1, rows, 100)))
                .quarantine(List.of(PartitionVersion.emptied(
                        new PartitionVersion.Key(FIRST, Optional.of("landed"), Optional.empty()))))
                .balance(Balance.landed(rows, rows, 0))
                .build();
    }

    private static Commit build(String id, LocalDate date, long rows) {
        return build(id, date, rows, new Balance(rows, rows, 0, 0, 0, 0, 0));
    }

    private static Commit build(String id, LocalDate date, long rows, Balance balance) {
        DateBuild build = new DateBuild(
                date, Map.of(TableName.parse("raw.orders"), SequenceSet.of(1L)), true, balance, List.of());
        return commit(
                id,
                Map.of(),
                List.of(build),
                List.of(new PartitionVersion(date, Optional.empty(), id + "/date=" + date, 1, rows, 100)),
                balance);
    }

    private static Commit landing(String id, Consumed.Offsets range) {
        long rows = range.until() - range.from();
        return commit(
                id,
                Map.of("orders", new Consumed.Topic(Optional.of("id"), Map.of(0, range))),
                List.of(),
                List.of(new PartitionVersion(FIRST, Optional.of(id), id + "/date=" + FIRST, 1, rows, 100)),
                Balance.landed(rows, rows, 0));
    }

    private static Commit commit(
            String id,
            Map<String, Consumed.Topic> topics,
            List<DateBuild> dates,
            List<PartitionVersion> partitions,
            Balance balance) {
        return Commit.of(TABLE, id)
                .by("run-" + id, Operation.BUILD)
                .definitionHash("hash")
                .columns(Map.of("id", "bigint"))
                .consumed(new Consumed.Topics(topics))
                .dates(dates)
                .partitions(partitions)
                .balance(balance)
                .build();
    }
}
