package dev.igarape.jobs.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.input.LedgerVersions;
import dev.igarape.jobs.input.SnapshotVersions;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.CommitResult;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.RowsByCommit;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.Refresh;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How dates of a daily table stand, by the ledgers of the table and of its inputs. */
final class FreshnessTest {
    private static final TableName ORDERS = TableName.parse("raw.orders");
    private static final TableName PRICES = TableName.parse("raw.prices");
    private static final TableName BOOKS = TableName.parse("trusted.books");
    private static final TableName SUMS = TableName.parse("gold.sums");
    private static final LocalDate MONDAY = LocalDate.parse("2024-01-15");
    private static final LocalDate TUESDAY = MONDAY.plusDays(1);
    private static final int ROWS = 10;

    @TempDir
    private Path folder;

    @Test
    void aDateThatWasNeverBuiltHasItsInputsUnread() throws IOException {
        land(ORDERS, MONDAY);
        land(PRICES, MONDAY);

        Freshness freshness = table("hash", 0);
        Freshness.Staleness monday = freshness.of(MONDAY);

        assertThat(monday.built()).isEmpty();
        assertThat(monday.isFresh()).isFalse();
        assertThat(freshness.unreadRows(MONDAY, monday)).isEqualTo(Map.of(ORDERS, (long) ROWS, PRICES, (long) ROWS));
        assertThat(changes(freshness, MONDAY))
                .containsExactly("raw.orders has commit 1 with 10 rows", "raw.prices has commit 1 with 10 rows");
    }

    @Test
    void aDateIsFreshAsLongAsItsInputsStayAsItReadThem() throws IOException {
        land(ORDERS, MONDAY);
        land(PRICES, MONDAY);
        build(MONDAY, Map.of(ORDERS, List.of(1L), PRICES, List.of(1L)));
        assertThat(table("hash", 0).of(MONDAY).isFresh()).isTrue();
        land(ORDERS, TUESDAY);
        assertThat(table("hash", 0).of(MONDAY).isFresh()).isTrue();

        land(PRICES, MONDAY);

        assertThat(table("hash", 0).of(MONDAY).isFresh()).isFalse();
        assertThat(changes(table("hash", 0), MONDAY))
                .containsExactly("raw.prices has commit 2 with 10 rows", "raw.prices shows commit 1 no more");
    }

    @Test
    void anotherDefinitionMakesADateStale() throws IOException {
        land(ORDERS, MONDAY);
        build(MONDAY, Map.of(ORDERS, List.of(1L)));

        assertThat(table("other hash", 0).of(MONDAY).isFresh()).isFalse();
        assertThat(changes(table("other hash", 0), MONDAY)).containsExactly("its definition has changed");
    }

    @Test
    void aDateThatWasNeverBuiltIsNotRedefined() throws IOException {
        land(ORDERS, MONDAY);

        assertThat(table("other hash", 0).of(MONDAY).redefined()).isFalse();
    }

    @Test
    void earlierDatesOfAnInputCountWhereTheTableLooksBack() throws IOException {
        land(ORDERS, MONDAY);
        land(ORDERS, TUESDAY);
        build(TUESDAY, Map.of(ORDERS, List.of(1L, 2L)));
        assertThat(table("hash", 1).of(TUESDAY).isFresh()).isTrue();

        land(ORDERS, MONDAY);

        assertThat(changes(table("hash", 1), TUESDAY))
                .containsExactly("raw.orders has commit 3 with 10 rows", "raw.orders shows commit 1 no more");
    }

    @Test
    void rowsThatAreOnlyMovedToAnotherCommitChangeNothing() throws IOException {
        land(ORDERS, MONDAY);
        build(MONDAY, Map.of(ORDERS, List.of(1L)));
        PartitionVersion moved = partition(MONDAY, "moved").from(RowsByCommit.of(1, ROWS));
        commit(ORDERS, Commit.of(ORDERS, "moved").by("run", Operation.COMPACT), List.of(moved));

        assertThat(table("hash", 0).of(MONDAY).isFresh()).isTrue();
    }

    /** A build would lose the rows that the date still has. */
    @Test
    void aDateWhoseInputHasExpiredIsFrozenAndNotStale() throws IOException {
        land(ORDERS, MONDAY);
        build(MONDAY, Map.of(ORDERS, List.of(1L)));
        expire(MONDAY);

        Freshness.Staleness monday = table("hash", 0).of(MONDAY);

        assertThat(monday.isFresh()).isTrue();
        assertThat(monday.isFrozen()).isTrue();
        assertThat(monday.losses()).containsExactly("raw.orders has no more what commit 1 landed");
        assertThat(changes(table("hash", 0), MONDAY)).isEmpty();
    }

    @Test
    void aDateThatWasNotBuiltBeforeItsInputExpiredHasLostItsRows() throws IOException {
        land(ORDERS, MONDAY);
        expire(MONDAY);

        Freshness.Staleness monday = table("hash", 0).of(MONDAY);

        assertThat(monday.isFrozen()).isTrue();
        assertThat(monday.losses()).containsExactly("raw.orders has given up rows of it");
        assertThat(table("hash", 0).of(TUESDAY).isFrozen()).isFalse();
        assertThat(table("hash", 1).of(TUESDAY).isFrozen()).isTrue();
    }

    @Test
    void aDateIsStaleFromWhereValidityChanged() throws IOException {
        land(ORDERS, MONDAY);
        land(ORDERS, TUESDAY);
        change(Optional.empty());
        build(MONDAY, Map.of(ORDERS, List.of(1L)), Map.of(BOOKS, step(1)));
        build(TUESDAY, Map.of(ORDERS, List.of(2L)), Map.of(BOOKS, step(1)));
        assertThat(reading(Refresh.VALIDITY).of(MONDAY).isFresh()).isTrue();

        change(Optional.of(TUESDAY));

        assertThat(reading(Refresh.VALIDITY).of(MONDAY).isFresh()).isTrue();
        assertThat(changes(reading(Refresh.VALIDITY), TUESDAY))
                .containsExactly("trusted.books has changed since commit 1, which it was built with");
        assertThat(reading(Refresh.ALWAYS).of(MONDAY).isFresh()).isFalse();
        assertThat(reading(Refresh.NEVER).of(TUESDAY).isFresh()).isTrue();
        build(TUESDAY, Map.of(ORDERS, List.of(2L)), Map.of(BOOKS, step(2)));
        assertThat(reading(Refresh.VALIDITY).of(TUESDAY).isFresh()).isTrue();

        change(Optional.empty());

        assertThat(reading(Refresh.VALIDITY).of(MONDAY).isFresh()).isFalse();
    }

    /** A ledger that was deleted or restored gives the numbers of its commits again. */
    @Test
    void aDateThatReadAVersionOfAnotherHistoryIsStale() throws IOException {
        land(ORDERS, MONDAY);
        change(Optional.empty());
        for (SnapshotRead other :
                List.of(new SnapshotRead(1, Optional.of("gone")), new SnapshotRead(7, Optional.of("step7")))) {
            build(MONDAY, Map.of(ORDERS, List.of(1L)), Map.of(BOOKS, other));
            for (Refresh refresh : List.of(Refresh.ALWAYS, Refresh.VALIDITY)) {
                assertThat(changes(reading(refresh), MONDAY))
                        .containsExactly(
                                "it was built with another history of trusted.books, whose ledger was deleted or"
                                        + " restored since");
            }
            assertThat(reading(Refresh.NEVER).of(MONDAY).isFresh()).isTrue();
        }
        build(MONDAY, Map.of(ORDERS, List.of(1L)), Map.of(BOOKS, new SnapshotRead(1, Optional.empty())));
        assertThat(reading(Refresh.ALWAYS).of(MONDAY).isFresh())
                .as("of a format that does not say the id")
                .isTrue();
    }

    /** An input may have become one without dates, which a change of the reader's definition does not tell. */
    @Test
    void aDateThatReadNoVersionIsStale() throws IOException {
        land(ORDERS, MONDAY);
        change(Optional.empty());
        build(MONDAY, Map.of(ORDERS, List.of(1L)));
        assertThat(changes(reading(Refresh.NEVER), MONDAY))
                .containsExactly("trusted.books was not read as one version");
    }

    /** A build asks for no numbers of rows, for which it would read the entries of many commits. */
    @Test
    void commitsThatWerePutTogetherAreReadOnlyToCountRows() throws IOException {
        land(ORDERS, MONDAY);
        land(ORDERS, MONDAY);
        PartitionVersion merged = partition(MONDAY, "merged").from(RowsByCommit.of(Map.of("1-2", 2L * ROWS)));
        commit(ORDERS, Commit.of(ORDERS, "merged").by("run", Operation.COMPACT), List.of(merged));
        build(MONDAY, Map.of(ORDERS, List.of(1L)));
        List<Long> read = new ArrayList<>();
        Ledger orders = ledger(ORDERS);
        LedgerVersions counted = new LedgerVersions(
                orders.read(),
                sequence -> {
                    read.add(sequence);
                    return orders.commit(sequence);
                },
                true,
                Optional::empty);
        Freshness freshness = table("hash", 0, Map.of(ORDERS, counted, PRICES, versions(PRICES)));

        Freshness.Staleness monday = freshness.of(MONDAY);

        assertThat(monday.isFresh()).isFalse();
        assertThat(read).isEmpty();
        assertThat(freshness.unreadRows(MONDAY, monday)).isEqualTo(Map.of(ORDERS, (long) ROWS));
        assertThat(read).containsExactly(2L);
    }

    private static List<String> changes(Freshness freshness, LocalDate date) throws IOException {
        Freshness.Staleness staleness = freshness.of(date);
        return staleness.changes(freshness.unreadRows(date, staleness));
    }

    /** The table over a landing and over books, which have no dates. */
    private Freshness reading(Refresh refresh) throws IOException {
        Table table = new Table(
                SUMS,
                "",
                new DailyDefinition("any"),
                Map.of(),
                List.of(new Input(ORDERS, 0), Input.snapshot(BOOKS, refresh)),
                List.of(),
                "forever",
                "hash");
        return new Freshness(
                table,
                ZoneOffset.UTC,
                ledger(SUMS).read(),
                Map.of(ORDERS, versions(ORDERS)),
                Map.of(BOOKS, new SnapshotVersions(ledger(BOOKS).read(), ledger(BOOKS)::commit)));
    }

    private static SnapshotRead step(long number) {
        return new SnapshotRead(number, Optional.of("step" + number));
    }

    /** A step of books, which changes what holds from a date on. */
    private void change(Optional<LocalDate> since) throws IOException {
        long step = ledger(BOOKS).read().head() + 1;
        DeltaVersion version = new DeltaVersion("rows", step - 1, step, List.of(), since);
        commit(BOOKS, Commit.of(BOOKS, "step" + step).by("run", Operation.BUILD).delta(version), List.of());
    }

    /** The table as its definition is now, with the ledgers as they are now. */
    private Freshness table(String definitionHash, int lookback) throws IOException {
        return table(definitionHash, lookback, Map.of(ORDERS, versions(ORDERS), PRICES, versions(PRICES)));
    }

    private Freshness table(String definitionHash, int lookback, Map<TableName, InputVersions> inputs)
            throws IOException {
        Table table = new Table(
                SUMS,
                "",
                new DailyDefinition("any"),
                Map.of(),
                List.of(new Input(ORDERS, lookback), new Input(PRICES, 0)),
                List.of(),
                "forever",
                definitionHash);
        return new Freshness(table, ZoneOffset.UTC, ledger(SUMS).read(), inputs, Map.of());
    }

    private LedgerVersions versions(TableName table) throws IOException {
        Ledger ledger = ledger(table);
        return new LedgerVersions(ledger.read(), ledger::commit, true, Optional::empty);
    }

    private Ledger ledger(TableName table) throws IOException {
        return new Ledger(
                table,
                new Configuration(),
                folder.resolve(table.toString()).toUri().toString(),
                Clock.systemUTC(),
                Step.Listener.NONE);
    }

    private void land(TableName table, LocalDate date) throws IOException {
        String id = "landed" + (ledger(table).read().head() + 1);
        commit(table, Commit.of(table, id).by("run", Operation.LAND), List.of(partition(date, id)));
    }

    private void expire(LocalDate date) throws IOException {
        PartitionVersion emptied =
                PartitionVersion.emptied(partition(date, "any").key());
        commit(ORDERS, Commit.of(ORDERS, "expired").by("run", Operation.EXPIRE), List.of(emptied));
    }

    private void build(LocalDate date, Map<TableName, List<Long>> inputs) throws IOException {
        build(date, inputs, Map.of());
    }

    private void build(LocalDate date, Map<TableName, List<Long>> inputs, Map<TableName, SnapshotRead> snapshots)
            throws IOException {
        Map<TableName, SequenceSet> sequences = new HashMap<>();
        inputs.forEach((input, read) -> sequences.put(input, SequenceSet.of(read)));
        DateBuild build = new DateBuild(date, sequences, snapshots, true, Balance.landed(ROWS, ROWS, 0), List.of());
        String id = "built" + (ledger(SUMS).read().head() + 1);
        commit(
                SUMS,
                Commit.of(SUMS, id).by("run", Operation.BUILD).dates(List.of(build)),
                List.of(partition(date, id)));
    }

    private static PartitionVersion partition(LocalDate date, String id) {
        return new PartitionVersion(date, Optional.empty(), id + "/date=" + date, 1, ROWS, 100);
    }

    private void commit(TableName table, Commit.Builder draft, List<PartitionVersion> partitions) throws IOException {
        Ledger ledger = ledger(table);
        long rows = partitions.stream().mapToLong(PartitionVersion::rows).sum();
        Commit commit = draft.definitionHash("hash")
                .columns(Map.of("id", "bigint"))
                .partitions(partitions)
                .balance(Balance.landed(rows, rows, 0))
                .build();
        assertThat(ledger.commit(commit, ledger.read())).isInstanceOf(CommitResult.Committed.class);
    }
}
