package dev.igarape.jobs.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.Step;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerTest {
    private static final TableName TABLE = TableName.parse("trusted.orders");
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");

    @TempDir
    private Path folder;

    private Ledger ledger;

    @BeforeEach
    void open() throws IOException {
        ledger = ledger(Step.Listener.NONE);
    }

    private Ledger ledger(Step.Listener steps) throws IOException {
        return new Ledger(
                TABLE, new Configuration(), folder.resolve("ledger").toUri().toString(), steps);
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
        ledger.commit(landing("a", new OffsetRange(0, 5)), basis);
        CommitResult late = ledger.commit(landing("b", new OffsetRange(0, 5)), basis);
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
        try (java.util.stream.Stream<Path> files = Files.list(folder.resolve("ledger"))) {
            assertThat(files.filter(f -> f.toString().endsWith(".snapshot"))).hasSize(2);
        }
        assertThat(ledger.read()).isEqualTo(LedgerState.empty(TABLE).with(commits));
    }

    @Test
    void leavesNothingUnderTemporaryNamesAfterACommit() throws IOException {
        ledger.commit(build("a", FIRST, 1), ledger.read());
        try (java.util.stream.Stream<Path> files = Files.list(folder.resolve("ledger"))) {
            assertThat(files.map(f -> f.getFileName().toString())).noneMatch(name -> name.startsWith("_tmp"));
        }
    }

    @Test
    void tellsPreparedBeforeCommitted() throws IOException {
        List<Step> steps = new ArrayList<>();
        Ledger told = ledger(steps::add);
        told.commit(build("a", FIRST, 1), told.read());
        assertThat(steps).containsExactly(Step.PREPARED, Step.COMMITTED);
    }

    @Test
    void refusesALedgerOfAnotherFormat() throws IOException {
        ledger.commit(build("a", FIRST, 1), ledger.read());
        Path file = folder.resolve("ledger/000000000001.json");
        Files.writeString(file, Files.readString(file).replace("\"version\":1", "\"version\":9"));
        Files.deleteIfExists(folder.resolve("ledger/.000000000001.json.crc"));
        assertThatThrownBy(() -> ledger.read()).hasMessageContaining("in format 9; this program reads format 1");
    }

    private static Commit build(String id, LocalDate date, long rows) {
        return build(id, date, rows, new Balance(rows, rows, 0, 0, 0, 0, 0));
    }

    private static Commit build(String id, LocalDate date, long rows, Balance balance) {
        DateBuild build =
                new DateBuild(date, Map.of(TableName.parse("raw.orders"), List.of(1L)), true, balance, List.of());
        return commit(
                id,
                Map.of(),
                List.of(build),
                List.of(new PartitionVersion(date, Optional.empty(), id + "/date=" + date, 1, rows, 100)),
                balance);
    }

    private static Commit landing(String id, OffsetRange range) {
        long rows = range.until() - range.from();
        return commit(
                id,
                Map.of("orders", Map.of(0, range)),
                List.of(),
                List.of(new PartitionVersion(FIRST, Optional.of(id), id + "/date=" + FIRST, 1, rows, 100)),
                Balance.landed(rows, rows, 0));
    }

    private static Commit commit(
            String id,
            Map<String, Map<Integer, OffsetRange>> offsets,
            List<DateBuild> dates,
            List<PartitionVersion> partitions,
            Balance balance) {
        return Commit.of(TABLE, id)
                .by("run-" + id, Operation.BUILD, Instant.parse("2024-01-02T00:00:00Z"))
                .definitionHash("hash")
                .columns(Map.of("id", "bigint"))
                .offsets(offsets, Map.of())
                .dates(dates)
                .partitions(partitions)
                .balance(balance)
                .build();
    }
}
