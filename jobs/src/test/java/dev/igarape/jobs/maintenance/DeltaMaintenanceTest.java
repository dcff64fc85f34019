package dev.igarape.jobs.maintenance;

import static dev.igarape.jobs.testing.CustomersLake.CUSTOMERS;
import static dev.igarape.jobs.testing.CustomersLake.DATE;
import static dev.igarape.jobs.testing.CustomersLake.append;
import static dev.igarape.jobs.testing.CustomersLake.emptyLog;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.testing.CustomersLake;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the commands of maintenance do to a table that is kept as a Delta table. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class DeltaMaintenanceTest {
    private static final Clock NOW = Clock.systemUTC();
    private static final Clock IN_NINE_DAYS = Clock.offset(NOW, Duration.ofDays(9));

    private static LocalLake local;
    private EventsLake events;
    private Lake lake;
    private String rows;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws IOException {
        events = new EventsLake(local);
        lake = lake(NOW, Step.Listener.NONE);
        rows = lake.newCommitId() + "/rows";
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void compactMergesSmallFilesAndRecordsTheVersionThatThisMakes() throws Exception {
        build(4);
        build(4);
        assertThat(files(rows)).hasSize(8);

        assertThat(compact(lake, true)).singleElement().satisfies(action -> {
            assertThat(action.what()).isEqualTo("would merge small files of");
            assertThat(action.files()).isEqualTo(8);
        });
        assertThat(version()).isEqualTo(1);
        assertThat(compact(lake, false)).singleElement().satisfies(action -> {
            assertThat(action.what()).isEqualTo("compacted");
            assertThat(action.files()).isEqualTo(8);
            assertThat(action.bytes()).isPositive();
            assertThat(action.sequence()).isEqualTo(3);
        });

        assertThat(version()).isEqualTo(2);
        assertThat(ledger().commit(3).operation()).isEqualTo(Operation.COMPACT);
        assertThat(CustomersLake.rows(lake, local.spark(), rows).count()).isEqualTo(20);
        assertThat(CustomersLake.rows(lake, local.spark(), rows).inputFiles()).hasSize(1);
        assertThat(CustomersLake.rows(lake, local.spark(), rows).collectAsList())
                .extracting(row -> row.getString(0))
                .isSorted();
        assertThat(compact(lake, false)).isEmpty();
        assertThat(ledger().read().head()).isEqualTo(3);
    }

    @Test
    void compactKeepsTheFoldersOfDeletionsInTheLedger() throws Exception {
        long version = append(lake, local.spark(), rows, 2);
        CustomersLake.commit(lake, new DeltaVersion(rows, version, 1, List.of("a/deleted")));
        compact(lake, false);

        assertThat(ledger().read().delta()).contains(new DeltaVersion(rows, 0, 1, List.of("a/deleted")).rewritten());
    }

    @Test
    void aCompactionThatDiedIsRecordedByTheNext() throws Exception {
        build(4);
        assertThatThrownBy(() -> compact(lake(NOW, Killed.at(Step.WRITTEN)), false))
                .isInstanceOf(Killed.class);
        assertThat(version()).isZero();

        compact(lake, false);
        assertThat(version()).isEqualTo(1);
        assertThat(ledger().read().head()).isEqualTo(2);
    }

    @Test
    void compactLeavesATableWithAChangeThatIsNotRecorded() throws Exception {
        build(2);
        append(lake, local.spark(), rows, 2);

        assertThatThrownBy(() -> compact(lake, false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessage(
                        "Cannot compact trusted.customers: a run has changed it and not recorded that yet, or died before"
                                + " it could. Nothing was changed. Run ./lake run trusted.customers, and compact it again.");
        assertThat(CustomersLake.rows(lake, local.spark(), rows).inputFiles()).hasSize(4);
    }

    @Test
    void compactDoesNothingBeforeTheFirstBuild() throws Exception {
        try (Publisher publisher = lake.publisher()) {
            assertThat(new Compact(lake, publisher, TestingSpark.UNUSED).run(lake.table(CUSTOMERS), false))
                    .isEmpty();
        }
    }

    @Test
    void cleanDeletesEarlierGenerationsAndWhatDeadRunsLeft() throws Exception {
        String dead = lake.newCommitId() + "/rows";
        append(lake, local.spark(), dead, 1);
        build(1);
        String deletions = lake.newCommitId() + "/deleted";
        Files.createDirectories(CustomersLake.folder(lake, deletions));
        String replaced = rows;
        rows = lake.newCommitId() + "/rows";
        CustomersLake.commit(lake, new DeltaVersion(rows, append(lake, local.spark(), rows, 1), 1, List.of(deletions)));

        assertThat(clean(lake(Clock.offset(NOW, Duration.ofDays(6)), Step.Listener.NONE), false))
                .isEmpty();
        assertThat(clean(lake(IN_NINE_DAYS, Step.Listener.NONE), true)).hasSize(2);
        assertThat(CustomersLake.folder(lake, replaced)).exists();
        assertThat(clean(lake(IN_NINE_DAYS, Step.Listener.NONE), false))
                .extracting(MaintenanceAction::what)
                .containsExactlyInAnyOrder("deleted " + parent(dead), "deleted " + parent(replaced));

        assertThat(CustomersLake.folder(lake, parent(dead))).doesNotExist();
        assertThat(CustomersLake.folder(lake, parent(replaced))).doesNotExist();
        assertThat(CustomersLake.folder(lake, deletions)).exists();
        assertThat(CustomersLake.rows(lake, local.spark(), rows).count()).isEqualTo(10);
    }

    @Test
    void cleanKeepsFoldersOfDeletionsThatAVersionOfTheLastDaysNeeds() throws Exception {
        String deletions = lake.newCommitId() + "/deleted";
        Files.createDirectories(CustomersLake.folder(lake, deletions));
        CustomersLake.commit(lake, new DeltaVersion(rows, append(lake, local.spark(), rows, 1), 1, List.of(deletions)));
        Lake later = lake(IN_NINE_DAYS, Step.Listener.NONE);
        CustomersLake.commit(later, new DeltaVersion(rows, 0, 1, List.of()));

        assertThat(clean(later, false)).isEmpty();
        assertThat(clean(lake(Clock.offset(NOW, Duration.ofDays(17)), Step.Listener.NONE), false))
                .extracting(MaintenanceAction::what)
                .containsExactly("deleted " + parent(deletions));
    }

    @Test
    void cleanLeavesATableWithAChangeThatIsNotRecorded() throws Exception {
        build(1);
        String deletions = lake.newCommitId() + "/deleted";
        Files.createDirectories(CustomersLake.folder(lake, deletions));
        append(lake, local.spark(), rows, 1);

        assertThat(clean(lake(IN_NINE_DAYS, Step.Listener.NONE), false))
                .extracting(MaintenanceAction::what)
                .containsExactly("left as it is: a run has changed it and not recorded that; run it, then clean again");
        assertThat(CustomersLake.folder(lake, deletions)).exists();
    }

    @Test
    void cleanDeletesOldFilesOfDeadWritersInTheFolderOfRowsAndMakesNoVersion() throws Exception {
        build(1);
        Path old = CustomersLake.folder(lake, rows).resolve("part-of-a-dead-writer.parquet");
        Path young = CustomersLake.folder(lake, rows).resolve("part-of-a-writer.parquet");
        Files.write(old, new byte[7]);
        Files.write(young, new byte[7]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(8))));

        assertThat(clean(lake, true)).extracting(MaintenanceAction::files).containsExactly(1L);
        assertThat(old).exists();
        assertThat(clean(lake, Duration.ofHours(1))).singleElement().satisfies(action -> {
            assertThat(action.what()).isEqualTo("deleted files that no version of the last days needs");
            assertThat(action.files()).isEqualTo(1);
            assertThat(action.bytes()).isEqualTo(7);
        });

        assertThat(old).doesNotExist();
        assertThat(young).exists();
        assertThat(CustomersLake.rows(lake, local.spark(), rows).count()).isEqualTo(10);
        assertThat(CustomersLake.folder(lake, rows).resolve("_delta_log/%020d.json".formatted(1)))
                .doesNotExist();
    }

    @Test
    void rowsDoNotExpireButThoseInQuarantineDo() throws Exception {
        Path refused = Path.of(URI.create(new TableLayout(lake.target(), CustomersLake.table()).quarantineFolder()))
                .resolve("c/date=" + DATE);
        Files.createDirectories(refused);
        CustomersLake.commit(
                lake,
                emptyLog(lake, rows),
                CustomersLake.COLUMNS,
                List.of(new PartitionVersion(DATE, Optional.empty(), "c/date=" + DATE, 1, 2, 9)));
        Lake later = events.open(IN_NINE_DAYS, Step.Listener.NONE, EventsLake.raw(), CustomersLake.table("7 days"));
        LedgerState before = ledger().read();
        try (Publisher publisher = later.publisher()) {
            assertThat(new Expiry(later, publisher).run(later.table(CUSTOMERS), false))
                    .singleElement()
                    .satisfies(action -> assertThat(action.rows()).isEqualTo(2));
            assertThat(new Expiry(later, publisher).run(later.table(CUSTOMERS), false))
                    .isEmpty();
        }

        LedgerState after = ledger().read();
        assertThat(after.delta()).isEqualTo(before.delta());
        assertThat(after.expired()).isEmpty();
        assertThat(after.quarantine()).allMatch(placed -> placed.partition().isEmptied());
    }

    @Test
    void rollbackSaysWhatToDoInstead() throws Exception {
        build(1);
        try (Publisher publisher = lake.publisher()) {
            assertThatThrownBy(() ->
                            new Rollback(lake, publisher).run(lake.table(CUSTOMERS), DATE, Optional.empty(), false))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                    .hasMessage("Cannot roll back trusted.customers: it has no versions of a date. It has rows by key,"
                            + " whatever their dates. Correct the input or roll it back (./lake rollback raw.events"
                            + " --date DATE), then run ./lake run trusted.customers --date DATE.");
        }
    }

    @Test
    void repairPublishesWhatWasCommitted() throws Exception {
        CustomersLake.commit(lake, new DeltaVersion(rows, append(lake, local.spark(), rows, 1), 1, List.of()));

        assertThat(repair()).extracting(MaintenanceAction::what).containsExactly("published what was committed");
        assertThat(local.metastore()
                        .getTable(events.prefix() + "trusted", CUSTOMERS.name())
                        .getSd()
                        .getLocation())
                .endsWith("/" + rows);
        assertThat(repair()).isEmpty();
    }

    @Test
    void aBackupOfTheLedgerHasTheVersionOfTheDeltaTable() throws Exception {
        CustomersLake.commit(
                lake, new DeltaVersion(rows, append(lake, local.spark(), rows, 1), 1, List.of("a/deleted")));
        LedgerState before = ledger().read();
        Path file = local.folder().resolve(events.prefix() + "ledgers.zip");
        new LedgerBackup(lake).backup(List.of(CUSTOMERS), file);
        Path ledger = Path.of(URI.create(lake.target().ledgerFolder(CUSTOMERS)));
        try (Stream<Path> entries = Files.list(ledger)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                Files.delete(entry);
            }
        }
        Lake restored = lake(NOW, Step.Listener.NONE);
        assertThat(restored.ledger(CUSTOMERS).read().delta()).isEmpty();
        new LedgerBackup(restored).restore(List.of(CUSTOMERS), file, false);

        assertThat(restored.ledger(CUSTOMERS).read()).isEqualTo(before);
    }

    /** A build that adds rows in this many files. */
    private void build(int files) throws Exception {
        CustomersLake.commit(lake, new DeltaVersion(rows, append(lake, local.spark(), rows, files), 1, List.of()));
    }

    private Lake lake(Clock clock, Step.Listener steps) throws IOException {
        Table[] tables = {EventsLake.raw(), CustomersLake.table()};
        return events.open(clock, steps, tables);
    }

    private Ledger ledger() throws IOException {
        return lake.ledger(CUSTOMERS);
    }

    private long version() throws IOException {
        return ledger().read().delta().orElseThrow().version();
    }

    private List<MaintenanceAction> repair() throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Repair(lake, publisher).run(lake.table(CUSTOMERS), false);
        }
    }

    private static List<MaintenanceAction> compact(Lake lake, boolean dryRun) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Compact(lake, publisher, local::spark).run(lake.table(CUSTOMERS), dryRun);
        }
    }

    private static List<MaintenanceAction> clean(Lake lake, boolean dryRun) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Clean(lake, publisher, Clean.KEPT, local::spark).run(lake.table(CUSTOMERS), dryRun);
        }
    }

    private static List<MaintenanceAction> clean(Lake lake, Duration kept) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Clean(lake, publisher, kept, local::spark).run(lake.table(CUSTOMERS), false);
        }
    }

    private List<Path> files(String of) throws IOException {
        try (Stream<Path> files = Files.list(CustomersLake.folder(lake, of))) {
            return files.filter(file -> file.getFileName().toString().endsWith(".parquet"))
                    .toList();
        }
    }

    private static String parent(String path) {
        return path.substring(0, path.indexOf('/'));
    }
}
