package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Clean;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of a current table that would lose or take back rows without a word. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class CurrentSafetyTest {
    private static final LocalDate FIRST = LocalDate.parse("2024-03-01");

    private static LocalLake local;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    /** A date that no definition has built yet is not built into, or instead of, rows of another definition. */
    @Test
    void aNewDateOfANewDefinitionBuildsTheOthersToo() throws Exception {
        CustomerLake customers = new CustomerLake(local, "newdate_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1)));
        customers.send(List.of(CustomerEvent.of(1, "bia", "Bia", 1).later(1)));
        customers.land();
        Lake after = customers.open(Step.Listener.NONE, CustomerTables.capitals());
        customers.build(after, Publishing.NONE, List.of(FIRST.plusDays(1)));
        assertThat(customers.rows()).containsExactly("1 ana ANA 1", "1 bia BIA 1");
    }

    /** Until it is built anew, whatever its definition says since. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTableHasItsChangeFeedOrNoneAsItWasBuilt(boolean changeFeed) throws Exception {
        CustomerLake before = new CustomerLake(local, "feed_" + changeFeed + "_", CustomerTables.customers(changeFeed));
        before.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1), CustomerEvent.of(1, "bia", "Bia", 1)));
        CustomerLake customers = before.redefined(CustomerTables.customers(!changeFeed));
        customers.take(List.of(
                CustomerEvent.of(1, "ana", "Anna", 2),
                CustomerEvent.deletion(1, "bia", 2),
                CustomerEvent.of(1, "caio", "Caio", 1)));
        assertThat(customers.rows()).containsExactly("1 ana Anna 2", "1 caio Caio 1");
        if (changeFeed) {
            assertThat(customers.feed()).isEqualTo(customers.rows());
        }
    }

    /** What was computed on a version may not be applied once others have folded something in, be it without a change. */
    @Test
    void aStaleChangeIsRefused() throws Exception {
        CustomerLake customers = new CustomerLake(local, "stale_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 2)));
        DeltaVersion before = customers.state().delta().orElseThrow();
        CurrentDefinition definition =
                (CurrentDefinition) CustomerTables.customers().definition();
        KeyedTable table = new KeyedTable(
                local.spark().newSession(),
                customers.open(Step.Listener.NONE).files(),
                new org.apache.hadoop.fs.Path(customers.folder()),
                definition.changeFeed(),
                new CurrentFold(definition),
                new KnownFiles());
        Dataset<Row> rows = table.rows();
        customers.take(List.of(CustomerEvent.of(1, "ana", "older", 1)));
        Dataset<Row> change = rows.sparkSession()
                .sql("SELECT 1 AS chapter, 'bia' AS id, 'Bia' AS name, 1L AS sequence,"
                        + " 'update' AS status, 'insert' AS " + Fold.CHANGE)
                .join(rows.select("chapter", "id", Fold.BEFORE), Latest.names(definition.keys()), "left");
        Commit entry = Commit.of(CustomerLake.CUSTOMERS, "stale").build();
        assertThat(table.apply(change, entry, before.transaction() + 1)).isEmpty();
        assertThat(customers.rows()).containsExactly("1 ana Ana 2");
    }

    @Test
    void aLedgerThatLacksItsLastEntriesGetsThemBack() throws Exception {
        CustomerLake customers = new CustomerLake(local, "restored_");
        for (int step = 1; step <= 3; step++) {
            customers.take(List.of(CustomerEvent.of(1, "ana", "step " + step, step)));
        }
        Path ledger =
                Path.of(URI.create(customers.open(Step.Listener.NONE).target().ledgerFolder(CustomerLake.CUSTOMERS)));
        Files.delete(ledger.resolve("000000000002.json"));
        Files.delete(ledger.resolve("000000000003.json"));
        assertThat(customers.state().head()).isEqualTo(1);
        customers.take(List.of(CustomerEvent.of(1, "bia", "Bia", 1)));
        assertThat(customers.rows()).containsExactly("1 ana step 3 3", "1 bia Bia 1");
        assertThat(customers.state().head()).isEqualTo(4);
    }

    /** To read everything again where a part of it has expired takes rows away, so somebody has to say so. */
    @Test
    void rowsOfExpiredEventsAreGivenUpOnlyIfAsked() throws Exception {
        CustomerLake customers = new CustomerLake(local, "expired_");
        customers.take(List.of(
                CustomerEvent.of(1, "ana", "Ana", 1),
                CustomerEvent.of(1, "bia", "Bia", 1).later(1)));
        expire(customers, FIRST);
        Lake after = customers.open(Step.Listener.NONE, CustomerTables.capitals());
        assertThatThrownBy(() -> customers.build(after, Publishing.NONE, List.of(FIRST.plusDays(1))))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("--accept-loss");
        assertThat(customers.rows()).containsExactly("1 ana Ana 1", "1 bia Bia 1");
        // New events of other dates are folded in, and what has expired stays.
        customers.take(List.of(CustomerEvent.of(1, "caio", "Caio", 1).later(2)));
        assertThat(customers.rows()).containsExactly("1 ana Ana 1", "1 bia Bia 1", "1 caio Caio 1");
        new KeyedBuild(after, Publishing.NONE, local::spark, after.table(CustomerLake.CUSTOMERS), new KnownFiles())
                .run(List.of(FIRST.plusDays(1)), new BuildOverrides(true, false));
        assertThat(customers.rows()).containsExactly("1 bia BIA 1", "1 caio CAIO 1");
    }

    /** The landing's ledger as retention leaves it. */
    private static void expire(CustomerLake customers, LocalDate date) throws Exception {
        Lake lake = customers.open(Step.Listener.NONE);
        LedgerState state = lake.ledger(CustomerLake.RAW).read();
        LedgerState expired = new LedgerState(
                state.version(),
                state.table(),
                state.head(),
                state.columns(),
                state.avroSchema(),
                state.nextOffsets(),
                state.topicIds(),
                state.files(),
                state.partitions().stream()
                        .filter(placed -> !placed.partition().date().equals(date))
                        .toList(),
                List.of(),
                List.of(),
                Optional.of(Set.of(date)),
                Optional.empty(),
                Optional.empty());
        Files.write(
                Path.of(URI.create(lake.target().ledgerFolder(CustomerLake.RAW)))
                        .resolve("%012d.snapshot".formatted(state.head())),
                Json.mapper().writeValueAsBytes(expired));
    }

    /** Changes are kept as long as versions are. Who reads them from further back is told, and gets no part of them. */
    @Test
    void changesThatCleanHasDeletedAreNotReadInPart() throws Exception {
        CustomerLake customers = new CustomerLake(local, "slow_");
        customers.take(List.of(CustomerEvent.of(1, "ana", "Ana", 1), CustomerEvent.of(1, "bia", "Bia", 1)));
        customers.take(List.of(CustomerEvent.of(1, "ana", "Anna", 2)));
        assertThat(customers.feed()).isEqualTo(customers.rows());
        FileTime old = FileTime.from(Instant.now().minus(Clean.KEPT).minus(Duration.ofHours(1)));
        Path changes = Path.of(URI.create(customers.folder())).resolve("_change_data");
        try (Stream<Path> files = Files.walk(changes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, old);
            }
        }
        Lake lake = customers.open(Step.Listener.NONE);
        assertThat(new Clean(lake, Publishing.NONE, Clean.KEPT, local::spark)
                        .run(lake.table(CustomerLake.CUSTOMERS), false))
                .extracting(MaintenanceAction::what)
                .containsExactly("deleted files that no version of the last days needs");

        assertThatThrownBy(customers::feed).hasStackTraceContaining("_change_data");
        // The table itself, and what changes from now on, can be read.
        customers.take(List.of(CustomerEvent.of(1, "bia", "Bea", 2)));
        assertThat(customers.rows()).containsExactly("1 ana Anna 2", "1 bia Bea 2");
        assertThat(customers.lastChanges()).containsExactly("update_postimage 1", "update_preimage 1");
    }

    @Test
    void sqlThatDoesNotFitIsTold() throws Exception {
        CustomerLake customers = new CustomerLake(local, "typo_");
        customers.send(List.of(CustomerEvent.of(1, "ana", "Ana", 1)));
        customers.land();
        Lake lake =
                customers.open(Step.Listener.NONE, CustomerTables.customers("SELECT valeu FROM raw.customers", "typo"));
        assertThatThrownBy(() -> customers.build(lake, Publishing.NONE))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("does not fit its inputs")
                .hasMessageContaining("valeu");
    }
}
