package dev.igarape.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
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

final class LedgerTailTest {
    private static final TableName TABLE = TableName.parse("raw.orders");
    private static final LocalDate DATE = LocalDate.parse("2024-01-01");

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private LedgerTail tail;

    @BeforeEach
    void open() throws IOException {
        tail = new LedgerTail(ledger(), commit -> told.add(commit.sequence() + " " + commit.commitId()));
    }

    @Test
    void tellsOfTheLastCommitAndOfEachThatFollows() throws IOException {
        land("a", 0, 5);
        land("b", 5, 7);
        assertThat(tail.poll()).isEqualTo(2);
        land("c", 7, 8);
        land("d", 8, 9);
        assertThat(tail.poll()).isEqualTo(4);
        assertThat(tail.poll()).isEqualTo(4);
        assertThat(told).containsExactly("2 b", "3 c", "4 d");
        assertThat(missing(10)).isEqualTo(1);
    }

    @Test
    void tellsOfTheFirstCommitOfAnEmptyLedger() throws IOException {
        assertThat(tail.poll()).isZero();
        assertThat(missing(3)).isEqualTo(3);
        land("a", 0, 3);
        assertThat(tail.poll()).isEqualTo(1);
        assertThat(told).containsExactly("1 a");
        assertThat(missing(3)).isZero();
    }

    @Test
    void beginsAnewWhereTheLedgerWasRestoredFromABackup() throws IOException {
        land("a", 0, 5);
        land("b", 5, 7);
        land("c", 7, 9);
        tail.poll();

        lose(3);
        lose(2);
        assertThat(tail.poll()).isEqualTo(1);
        assertThat(missing(9)).isEqualTo(4);

        land("d", 5, 9);
        assertThat(tail.poll()).isEqualTo(2);
        assertThat(missing(9)).isZero();
        assertThat(told).containsExactly("3 c", "1 a", "2 d");
    }

    @Test
    void beginsAnewWhereARestoredLedgerHasGrownAsLongAgain() throws IOException {
        land("a", 0, 5);
        land("b", 5, 9);
        tail.poll();

        lose(2);
        land("another", 5, 6);
        assertThat(tail.poll()).isEqualTo(2);
        assertThat(missing(9)).isEqualTo(3);
        assertThat(told).containsExactly("2 b", "2 another");
    }

    private long missing(long end) {
        return tail.missing(Map.of("orders", Map.of(0, end)));
    }

    private void land(String id, long from, long until) throws IOException {
        long rows = until - from;
        Ledger ledger = ledger();
        Commit draft = Commit.of(TABLE, id)
                .by("run", Operation.LAND)
                .definitionHash("hash")
                .consumed(new Consumed.Topics(Map.of(
                        "orders", new Consumed.Topic(Optional.of("id"), Map.of(0, new Consumed.Offsets(from, until))))))
                .partitions(List.of(new PartitionVersion(DATE, Optional.of(id), id + "/date=" + DATE, 1, rows, 100)))
                .balance(Balance.landed(rows, rows, 0))
                .build();
        ledger.commit(draft, ledger.read());
    }

    private void lose(long sequence) throws IOException {
        Files.delete(folder.resolve("ledger").resolve("%012d.json".formatted(sequence)));
    }

    /** The ledger as another process has it. */
    private Ledger ledger() throws IOException {
        return new Ledger(
                TABLE,
                new Configuration(),
                folder.resolve("ledger").toUri().toString(),
                Clock.systemUTC(),
                Step.Listener.NONE);
    }
}
