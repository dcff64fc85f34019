package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.jobs.TableRunner;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.CommitResult;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.Killed;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingMetastore;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.DateRange;
import dev.igarape.model.Definition;
import dev.igarape.model.Input;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Upkeep of an HTTP landing and daily tables on a real metastore, with files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class MaintenanceTest {
    private static final TableName RAW = TableName.parse("raw.events");
    private static final TableName TRUSTED = TableName.parse("trusted.events");
    private static final TableName GOLD = TableName.parse("gold.counts");
    private static final LocalDate DATE = LocalDate.parse("2024-01-01");
    private static final DateRange DAY = DateRange.of(DATE);
    private static final Duration WEEK = Duration.ofDays(7);

    private static SparkSession session;

    @TempDir
    private static Path folder;

    private static LocalLake local;
    private static final AtomicInteger LAKES = new AtomicInteger();

    private String prefix;
    private HttpServer server;
    private volatile String user = "ana";

    @BeforeAll
    static void start(TestingMetastore metastore, TestingSpark spark) {
        local = new LocalLake(folder, metastore);
        session = spark.newSession();
    }

    @BeforeEach
    void open() throws Exception {
        prefix = "u" + LAKES.incrementAndGet() + "_";
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = ("[{\"user\":\"" + user + "\"}]").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void rollbackShowsTheOlderVersionAndMakesItsReadersStale() throws Exception {
        build("ana");
        build("bia");
        assertThat(plan()).allMatch(line -> line.endsWith(" fresh []"));

        List<MaintenanceAction> chores = rollback(TRUSTED, Optional.empty(), false);

        assertThat(chores)
                .singleElement()
                .satisfies(chore -> assertThat(chore.what()).isEqualTo("rolled back from commit 2 to commit 1"));
        assertThat(users()).containsExactly("ana");
        assertThat(plan())
                .contains(
                        "gold.counts 2024-01-01 stale [trusted.events is to be built, trusted.events has commit 1 with"
                                + " 1 rows, trusted.events shows commits [2] no more]");
    }

    @Test
    void rollbackOfALandingMakesAllThatIsBuiltFromItStale() throws Exception {
        build("ana");
        build("bia");
        rollback(RAW, Optional.empty(), false);
        assertThat(plan()).noneMatch(line -> line.endsWith(" fresh []")).hasSize(2);

        try (TableRunner runner = runner(lake(Step.Listener.NONE))) {
            runner.runDue(List.of(TRUSTED, GOLD), Optional.empty(), BuildOverrides.NOTHING);
        }

        assertThat(users()).containsExactly("ana");
        assertThat(plan()).allMatch(line -> line.endsWith(" fresh []"));
    }

    @Test
    void rollbackGoesFurtherBackAndForthAgain() throws Exception {
        build("ana");
        build("bia");
        build("caio");
        rollback(TRUSTED, Optional.empty(), false);
        assertThat(users()).containsExactly("bia");
        rollback(TRUSTED, Optional.empty(), false);
        assertThat(users()).containsExactly("ana");
        assertThat(rollback(TRUSTED, Optional.of(1L), false)).isEmpty();
        rollback(TRUSTED, Optional.of(3L), false);
        assertThat(users()).containsExactly("caio");
        assertThatThrownBy(() -> rollback(RAW, Optional.of(9L), false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("commit 9 has no version of 2024-01-01");
    }

    @Test
    void thereIsNothingBeforeTheFirstVersion() throws Exception {
        build("ana");
        assertThatThrownBy(() -> rollback(TRUSTED, Optional.empty(), false))
                .hasMessageContaining("commit 1 is its first version");
    }

    @Test
    void aDryRollbackChangesNothing() throws Exception {
        build("ana");
        build("bia");
        assertThat(rollback(TRUSTED, Optional.empty(), true)).hasSize(1);
        assertThat(users()).containsExactly("bia");
        assertThat(ledger(TRUSTED).read().head()).isEqualTo(2);
    }

    @Test
    void rollbackSurvivesDeathAtEveryStep() throws Exception {
        List<String> versions = List.of("ana", "bia");
        build(versions.get(0));
        build(versions.get(1));
        int shown = 1;
        for (Step step : Step.values()) {
            int other = 1 - shown;
            Lake dying = lake(Killed.at(step));
            try (Publisher publisher = dying.publisher()) {
                Rollback rollback = new Rollback(dying, publisher);
                assertThatThrownBy(() -> rollback.run(dying.table(TRUSTED), DATE, Optional.of(other + 1L), false))
                        .isInstanceOf(Killed.class);
            }
            repair(false);
            if (step.compareTo(Step.COMMITTED) >= 0) {
                shown = other;
            }
            assertThat(users()).as("after dying at %s", step).containsExactly(versions.get(shown));
        }
    }

    @Test
    void repairPublishesWhatADeadRunHasCommitted() throws Exception {
        build("ana");
        user = "bia";
        run(lake(Step.Listener.NONE), List.of(RAW), true);
        assertThatThrownBy(() -> run(lake(Killed.at(Step.COMMITTED)), List.of(TRUSTED), false))
                .isInstanceOf(Killed.class);

        assertThat(repair(true)).extracting(MaintenanceAction::table).containsExactly(TRUSTED);
        assertThat(users()).containsExactly("ana");
        repair(false);

        assertThat(users()).containsExactly("bia");
        assertThat(repair(false)).isEmpty();
    }

    @Test
    void givesUpDatesWhoseTimeIsUpAndKeepsWhatWasBuiltFromThem() throws Exception {
        build("ana");
        assertThat(expire(WEEK.minusHours(1), false)).isEmpty();
        assertThat(expire(WEEK.plusHours(1), true)).hasSize(1);
        assertThat(local.partitions(prefix + "raw", "events").get(0).getSd().getLocation())
                .doesNotEndWith("/empty");

        assertThat(expire(WEEK.plusHours(1), false))
                .singleElement()
                .satisfies(chore -> assertThat(chore.what()).isEqualTo("expired after 7 days"));

        assertThat(local.partitions(prefix + "raw", "events").get(0).getSd().getLocation())
                .endsWith("/empty");
        assertThat(expire(WEEK.plusHours(1), false)).isEmpty();
        assertThat(run(lake(Step.Listener.NONE), List.of(TRUSTED), false))
                .singleElement()
                .satisfies(run -> assertThat(run.outcome()).isEqualTo(TableRun.Outcome.UNCHANGED));
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void aDateThatWasFetchedAgainIsNoLongerExpired() throws Exception {
        build("ana");
        expire(WEEK.plusHours(1), false);
        build("bia");
        assertThat(users()).containsExactly("bia");
    }

    @Test
    void cleansOldVersionsAndWhatDeadRunsLeft() throws Exception {
        build("ana");
        user = "bia";
        run(lake(Step.Listener.NONE), List.of(RAW), true);
        assertThatThrownBy(() -> run(lake(Killed.at(Step.WRITTEN)), List.of(TRUSTED), false))
                .isInstanceOf(Killed.class);
        assertThatThrownBy(() -> run(lake(Killed.at(Step.PREPARED)), List.of(TRUSTED), false))
                .isInstanceOf(Killed.class);
        run(lake(Step.Listener.NONE), List.of(TRUSTED), false);
        assertThat(folders(TRUSTED)).hasSize(4);

        assertThat(clean(TRUSTED, WEEK.minusHours(1), false)).isEmpty();
        assertThat(clean(TRUSTED, WEEK.plusHours(1), true)).hasSize(3);
        assertThat(folders(TRUSTED)).hasSize(4);
        assertThat(clean(TRUSTED, WEEK.plusHours(1), false)).hasSize(3);

        assertThat(folders(TRUSTED)).hasSize(1);
        assertThat(users()).containsExactly("bia");
        try (Stream<Path> files = Files.list(ledgerFolder(TRUSTED))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("_tmp-"));
        }
        assertThatThrownBy(() -> rollback(TRUSTED, Optional.empty(), false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("is gone");
        assertThat(clean(TRUSTED, WEEK.plusHours(1), false)).isEmpty();
    }

    @Test
    void dropsPartitionsThatHaveBeenEmptyForLong() throws Exception {
        build("ana");
        expire(WEEK.plusHours(1), false);
        clean(RAW, WEEK.multipliedBy(2), false);
        assertThat(local.partitions(prefix + "raw", "events")).hasSize(1);

        clean(RAW, WEEK.multipliedBy(3), false);

        assertThat(local.partitions(prefix + "raw", "events")).isEmpty();
        assertThat(folders(RAW)).isEmpty();
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void aRunThatStoodStillForLongerThanFilesAreKeptCommitsNothing() throws Exception {
        build("ana");
        user = "bia";
        run(lake(Step.Listener.NONE), List.of(RAW), true);
        Lake stalling = lake(step -> {
            if (step == Step.WRITTEN) {
                try {
                    clean(TRUSTED, WEEK.plusHours(1), false);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThatThrownBy(() -> run(stalling, List.of(TRUSTED), false)).hasMessageContaining("cleaned away by commit");
        assertThat(users()).containsExactly("ana");
        run(lake(Step.Listener.NONE), List.of(TRUSTED), false);
        assertThat(users()).containsExactly("bia");
    }

    @Test
    void aFetchThatWasOvertakenAndCleanedAwayCommitsNothing() throws Exception {
        build("ana");
        user = "caio";
        AtomicInteger rounds = new AtomicInteger();
        Lake stalling = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                try {
                    build("bia");
                    clean(RAW, WEEK.plusHours(1), false);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        assertThatThrownBy(() -> run(stalling, List.of(RAW), true)).hasMessageContaining("cleaned away by commit");
        assertThat(users()).containsExactly("bia");
        assertThat(plan()).allMatch(line -> line.endsWith(" fresh []"));
    }

    @Test
    void rollbackDoesNotGoBackToWhatIsBeingDeleted() throws Exception {
        build("ana");
        build("bia");
        List<String> refusals = new java.util.ArrayList<>();
        Lake cleaning = lake(Clock.offset(Clock.systemUTC(), WEEK.plusHours(1)), step -> {
            // The ledger says what goes; the files are still there.
            if (step == Step.COMMITTED) {
                try {
                    rollback(TRUSTED, Optional.empty(), false);
                } catch (LakeException e) {
                    refusals.add(e.getMessage());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try (Publisher publisher = cleaning.publisher()) {
            assertThat(new Clean(cleaning, publisher, WEEK).run(cleaning.table(TRUSTED), false))
                    .hasSize(1);
        }
        assertThat(refusals).singleElement().asString().contains("is gone");
        assertThat(users()).containsExactly("bia");
    }

    @Test
    void aDateWhoseInputExpiredBeforeItWasBuiltIsNotBuiltOfNothing() throws Exception {
        user = "ana";
        run(lake(Step.Listener.NONE), List.of(RAW), false);
        expire(WEEK.plusHours(1), false);
        assertThatThrownBy(() -> run(lake(Step.Listener.NONE), List.of(TRUSTED), false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("raw.events has given up rows of it, for retention has removed it");
    }

    @Test
    void rollbackFindsTheVersionThatCompactionHasMoved() throws Exception {
        build("ana");
        commitInFiles(8);
        compact(TRUSTED, false);
        rollback(TRUSTED, Optional.empty(), false);
        assertThat(users()).containsExactly("ana");

        rollback(TRUSTED, Optional.of(2L), false);

        assertThat(read().count()).isEqualTo(800);
        assertThat(ledger(TRUSTED).read().partitionsOf(DATE).get(0).partition().files())
                .isEqualTo(1);
    }

    @Test
    void aLedgerFromAnOlderBackupDecidesWhatIsShown() throws Exception {
        build("ana");
        Path file = folder.resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        new LedgerBackup(lake).backup(List.of(TRUSTED), file);
        build("bia");
        lose(TRUSTED, 1);
        lose(TRUSTED, 2);
        new LedgerBackup(lake).restore(List.of(TRUSTED), file, false);
        repair(false);
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void compactsADateIntoFewerFilesAndNothingBecomesStale() throws Exception {
        build("ana");
        commitInFiles(8);
        run(lake(Step.Listener.NONE), List.of(GOLD), false);
        long head = ledger(TRUSTED).read().head();
        assertThat(compact(TRUSTED, true))
                .singleElement()
                .satisfies(chore -> assertThat(chore.files()).isEqualTo(8));
        assertThat(ledger(TRUSTED).read().head()).isEqualTo(head);
        List<String> plan = plan();

        assertThat(compact(TRUSTED, false)).hasSize(1);

        assertThat(ledger(TRUSTED).read().partitionsOf(DATE).get(0).partition().files())
                .isEqualTo(1);
        assertThat(read().count()).isEqualTo(800);
        assertThat(users()).contains("user 0", "user 799").doesNotHaveDuplicates();
        assertThat(plan()).isEqualTo(plan);
        assertThat(compact(TRUSTED, false)).isEmpty();
    }

    @Test
    void compactionGivesWayToABuildOfTheSameDate() throws Exception {
        build("ana");
        commitInFiles(8);
        AtomicInteger rounds = new AtomicInteger();
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                try {
                    rollback(TRUSTED, Optional.of(1L), false);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        });
        try (Publisher publisher = raced.publisher()) {
            assertThat(new Compact(raced, publisher, () -> session).run(raced.table(TRUSTED), false))
                    .isEmpty();
        }
        assertThat(rounds).hasValue(1);
        assertThat(users()).containsExactly("ana");
    }

    @Test
    void compactionThatDiesAnywhereIsMadeUpForByTheNext() throws Exception {
        build("ana");
        for (Step step : Step.values()) {
            commitInFiles(2);
            Lake dying = lake(Killed.at(step));
            try (Publisher publisher = dying.publisher()) {
                assertThatThrownBy(() -> new Compact(dying, publisher, () -> session).run(dying.table(TRUSTED), false))
                        .as("at %s", step)
                        .isInstanceOf(Killed.class);
            }
            assertThat(users()).as("after dying at %s", step).hasSize(200).doesNotHaveDuplicates();
            compact(TRUSTED, false);
            assertThat(users()).as("again after %s", step).hasSize(200).doesNotHaveDuplicates();
            LedgerState state = ledger(TRUSTED).read();
            assertThat(state.partitionsOf(DATE).get(0).partition().files()).isEqualTo(1);
            try (Publisher publisher = dying.publisher()) {
                assertThat(publisher.isPublished(dying.table(TRUSTED), state))
                        .as("again after %s", step)
                        .isTrue();
            }
        }
    }

    @Test
    void aBackupPutsLostLedgersBackByteForByte() throws Exception {
        build("ana");
        build("bia");
        Path file = folder.resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        assertThat(new LedgerBackup(lake).backup(List.of(RAW, TRUSTED, GOLD), file))
                .extracting(MaintenanceAction::table)
                .containsExactly(GOLD, TRUSTED, RAW);
        byte[] second = ledger(TRUSTED).content(2);
        LedgerState before = ledger(TRUSTED).read();
        lose(TRUSTED, 2);

        assertThat(new LedgerBackup(lake).restore(List.of(TRUSTED), file, true)).hasSize(1);
        assertThat(ledger(TRUSTED).read().head()).isEqualTo(1);
        new LedgerBackup(lake).restore(List.of(RAW, TRUSTED, GOLD), file, false);

        assertThat(ledger(TRUSTED).content(2)).isEqualTo(second);
        assertThat(ledger(TRUSTED).read()).isEqualTo(before);
        assertThat(repair(false)).isEmpty();
        assertThat(new LedgerBackup(lake).restore(List.of(TRUSTED), file, false))
                .isEmpty();
    }

    @Test
    void aBackupDoesNotOverwriteALedgerThatHasGoneOn() throws Exception {
        build("ana");
        Path file = folder.resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        new LedgerBackup(lake).backup(List.of(RAW, TRUSTED), file);
        build("bia");
        lose(RAW, 1);
        lose(RAW, 2);
        assertThatThrownBy(() -> new LedgerBackup(lake).restore(List.of(RAW, TRUSTED), file, false))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Refused to restore the ledger of trusted.events: it has 2 commits");
        assertThat(ledger(RAW).read().head()).isZero();
        new LedgerBackup(lake).restore(List.of(RAW), file, false);
        assertThat(ledger(RAW).read().head()).isEqualTo(1);
    }

    @Test
    void aDamagedBackupIsRefused() throws Exception {
        build("ana");
        Path file = folder.resolve(prefix + "ledgers.zip");
        Lake lake = lake(Step.Listener.NONE);
        new LedgerBackup(lake).backup(List.of(RAW), file);
        try (FileSystem zip = FileSystems.newFileSystem(file)) {
            Path entry = zip.getPath("raw.events/000000000001.json");
            Files.writeString(entry, Files.readString(entry).replace("2024-01-01", "2024-01-02"));
        }
        lose(RAW, 1);
        assertThatThrownBy(() -> new LedgerBackup(lake).restore(List.of(RAW), file, false))
                .hasMessageContaining("raw.events/000000000001.json is not what was backed up");
        assertThat(ledger(RAW).read().head()).isZero();
    }

    /** Lands an answer of one user and builds all from it. */
    private void build(String name) throws Exception {
        user = name;
        run(lake(Step.Listener.NONE), List.of(RAW, TRUSTED, GOLD), true);
    }

    /** A build of the date that left many small files. */
    private void commitInFiles(int count) throws IOException, InterruptedException {
        Lake lake = lake(Step.Listener.NONE);
        Table table = lake.table(TRUSTED);
        String commitId = lake.newCommitId();
        String path = commitId + "/date=" + DATE;
        String target = lake.target().folder(TRUSTED) + "/" + path;
        session.range(0, 100L * count, 1, count)
                .selectExpr("concat('user ', id) AS user")
                .write()
                .parquet(target);
        PartitionVersion partition =
                ParquetFolder.measure(lake.files(), lake.hadoop(), new org.apache.hadoop.fs.Path(target), path, DATE);
        Ledger ledger = lake.ledger(TRUSTED);
        LedgerState state = ledger.read();
        Balance balance = Balance.landed(100L * count, 100L * count, 0);
        DateBuild build =
                new DateBuild(DATE, state.builtOf(DATE).orElseThrow().build().inputs(), false, balance, List.of());
        Commit commit = lake.draft(table, commitId, Operation.BUILD)
                .columns(state.columns())
                .dates(List.of(build))
                .partitions(List.of(partition))
                .balance(balance)
                .build();
        assertThat(ledger.commit(commit, state)).isInstanceOf(CommitResult.Committed.class);
        try (Publisher publisher = lake.publisher()) {
            publisher.publish(table, ledger);
        }
    }

    private List<MaintenanceAction> rollback(TableName table, Optional<Long> to, boolean dryRun) throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Rollback(lake, publisher).run(lake.table(table), DATE, to, dryRun);
        }
    }

    private List<MaintenanceAction> repair(boolean dryRun) throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        List<MaintenanceAction> chores = new java.util.ArrayList<>();
        try (Publisher publisher = lake.publisher()) {
            for (TableName table : List.of(RAW, TRUSTED, GOLD)) {
                chores.addAll(new Repair(lake, publisher).run(lake.table(table), dryRun));
            }
        }
        return chores;
    }

    private List<MaintenanceAction> compact(TableName table, boolean dryRun) throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Compact(lake, publisher, () -> session).run(lake.table(table), dryRun);
        }
    }

    private List<MaintenanceAction> expire(Duration later, boolean dryRun) throws Exception {
        Lake lake = lake(Clock.offset(Clock.systemUTC(), later), Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Expiry(lake, publisher).run(lake.table(RAW), dryRun);
        }
    }

    private List<MaintenanceAction> clean(TableName table, Duration later, boolean dryRun) throws Exception {
        Lake lake = lake(Clock.offset(Clock.systemUTC(), later), Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Clean(lake, publisher, WEEK).run(lake.table(table), dryRun);
        }
    }

    private List<Path> folders(TableName table) throws Exception {
        Path root = Path.of(URI.create(lake(Step.Listener.NONE).target().folder(table)));
        try (Stream<Path> children = Files.list(root)) {
            return children.filter(child -> child.getFileName().toString().matches("[0-9].*"))
                    .toList();
        }
    }

    private Path ledgerFolder(TableName table) throws IOException {
        return Path.of(URI.create(lake(Step.Listener.NONE).target().ledgerFolder(table)));
    }

    /** Deletes a commit as a broken disk would. */
    private void lose(TableName table, long sequence) throws IOException {
        String name = String.format("%012d.json", sequence);
        Files.delete(ledgerFolder(table).resolve(name));
        Files.deleteIfExists(ledgerFolder(table).resolve("." + name + ".crc"));
    }

    private Ledger ledger(TableName table) throws IOException {
        return lake(Step.Listener.NONE).ledger(table);
    }

    private List<String> plan() throws IOException {
        return new Planner(lake(Step.Listener.NONE))
                .plan(List.of(TRUSTED, GOLD)).stream()
                        .map(date -> date.table() + " " + date.date() + " " + date.status() + " " + date.reasons())
                        .toList();
    }

    private List<String> users() throws Exception {
        return read().select("user").as(Encoders.STRING()).collectAsList();
    }

    private Dataset<Row> read() throws Exception {
        String[] locations = local.partitions(prefix + "trusted", "events").stream()
                .map(Partition::getSd)
                .map(storage -> storage.getLocation())
                .toArray(String[]::new);
        return session.read().parquet(locations);
    }

    private static List<TableRun> run(Lake lake, List<TableName> names, boolean refetch)
            throws IOException, InterruptedException {
        try (TableRunner runner = runner(lake)) {
            return runner.run(names, DAY, new RunOptions(refetch, false, BuildOverrides.NOTHING));
        }
    }

    private static TableRunner runner(Lake lake) {
        return new TableRunner(lake, () -> session);
    }

    private Lake lake(Step.Listener steps) throws IOException {
        return lake(Clock.systemUTC(), steps);
    }

    private Lake lake(Clock clock, Step.Listener steps) throws IOException {
        Map<String, String> variables =
                Map.of("API", "http://127.0.0.1:" + server.getAddress().getPort());
        return local.lake(prefix, Map.of(), Map.of(), variables, clock, steps, raw(), trusted(), gold());
    }

    private static Table raw() {
        Source source = new Source.Http("${API}/events", Map.of("date", "{date}"), "json", Optional.empty());
        return new Table(RAW, "", new Definition.Landing(source), Map.of(), List.of(), List.of(), "7 days", "raw hash");
    }

    private static Table trusted() {
        return daily(
                TRUSTED,
                "SELECT e.user FROM raw.events LATERAL VIEW explode(from_json(body, 'array<struct<user:string>>')) t AS e",
                RAW);
    }

    private static Table gold() {
        return daily(GOLD, "SELECT count(*) AS events FROM trusted.events", TRUSTED);
    }

    private static Table daily(TableName name, String sql, TableName input) {
        String hash = Integer.toHexString(sql.hashCode());
        return new Table(
                name,
                "",
                new Definition.Daily(sql),
                Map.of(),
                List.of(new Input(input, 0)),
                List.of(),
                "forever",
                hash);
    }
}
