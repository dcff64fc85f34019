package dev.igarape.jobs.ops;

import static dev.igarape.jobs.testing.EventsLake.GOLD;
import static dev.igarape.jobs.testing.EventsLake.RAW;
import static dev.igarape.jobs.testing.EventsLake.TRUSTED;
import static dev.igarape.jobs.testing.EventsLake.raw;
import static dev.igarape.jobs.testing.EventsLake.tables;
import static dev.igarape.jobs.testing.EventsLake.trusted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.TableRunner;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Repair;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.runs.StartedRun;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DateRange;
import dev.igarape.model.Expectation;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.LakeException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the tables in {@code ops} say after runs, on a real metastore, read as a query would. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class OpsTest {
    private static final DateRange DAY = DateRange.of(LocalDate.parse("2024-01-01"));
    private static final DateRange WEEK = new DateRange(LocalDate.parse("2024-01-01"), LocalDate.parse("2024-01-08"));

    /** When the lease of a run has expired that stood still or was killed. */
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(3));

    private static LocalLake local;

    private EventsLake events;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws Exception {
        events = new EventsLake(local);
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void everyCommitIsToldOnceWithItsRows() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), WEEK, false, tables());
        events.answer("[{\"user\":\"ana\",\"kind\":\"click\"}]");
        run(List.of(RAW, TRUSTED, GOLD), DAY, true, tables());

        List<String> ledgers = new ArrayList<>();
        for (TableName name : List.of(RAW, TRUSTED, GOLD)) {
            Ledger ledger = events.open(tables()).ledger(name);
            for (long sequence = 1; sequence <= ledger.read().head(); sequence++) {
                ledgers.add(
                        name + " " + sequence + " " + ledger.commit(sequence).runId() + " "
                                + ledger.commit(sequence).balance().written());
            }
        }
        assertThat(ledgers).hasSize(6);
        assertThat(lines("commits", "table_name", "sequence", "run_id", "written"))
                .containsExactlyInAnyOrderElementsOf(ledgers);
    }

    @Test
    void moreCommitsThanAPartitionHoldsAreToldOnce() throws Exception {
        run(List.of(RAW), DAY, false, tables());
        Path ledger = Path.of(URI.create(events.open(tables()).target().ledgerFolder(RAW)));
        String first = Files.readString(ledger.resolve("000000000001.json"));
        for (int commit = 2; commit <= 102; commit++) {
            Files.writeString(
                    ledger.resolve("%012d.json".formatted(commit)),
                    first.replace("\"sequence\":1,", "\"sequence\":" + commit + ","));
        }
        run(List.of(RAW), DAY, false, tables());

        assertThat(local.partitions(events.prefix() + "ops", "commits")).hasSize(2);
        assertThat(read("commits").select("sequence").distinct().count()).isEqualTo(102);
        assertThat(read("commits").count()).isEqualTo(102);
    }

    @Test
    void expectationsHaveAHistory() throws Exception {
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        events.answer("[{\"user\":\"ana\",\"kind\":\"click\"}]");
        run(List.of(RAW, TRUSTED), DAY, true, tables());

        assertThat(lines("expectations", "sequence", "date", "expectation", "action", "failed"))
                .containsExactlyInAnyOrder(
                        "1 2024-01-01 known quarantine 1",
                        "1 2024-01-01 has_user drop 1",
                        "2 2024-01-01 known quarantine 0",
                        "2 2024-01-01 has_user drop 0");
    }

    @Test
    void runsAreOnRecordAlsoThoseThatFailed() throws Exception {
        run(List.of(RAW, TRUSTED), WEEK, false, tables());
        run(List.of(TRUSTED), DAY, false, tables());
        Table strict = trusted(new Expectation("nobody", "user = 'nobody'", Expectation.Action.FAIL));
        assertThatThrownBy(() -> run(List.of(TRUSTED), DAY, false, raw(), strict))
                .isInstanceOf(LakeException.class);

        assertThat(lines("runs", "table_name", "first_date", "last_date", "dates", "outcome", "exit_code"))
                .containsExactlyInAnyOrder(
                        "raw.events 2024-01-01 2024-01-07 7 committed 0",
                        "trusted.events 2024-01-01 2024-01-07 7 committed 0",
                        "trusted.events 2024-01-01 2024-01-01 1 unchanged 0",
                        "trusted.events 2024-01-01 2024-01-01 1 failed 5");
        assertThat(read("runs")
                        .where("message LIKE '%nobody (user = %' AND started_at <= ended_at")
                        .count())
                .isEqualTo(1);
    }

    @Test
    void aRunThatWasKilledIsOnRecordOnceHoweverManyFindIt() throws Exception {
        Lake killed = events.open(tables());
        StartedRun run = StartedRun.of(killed, TRUSTED, WEEK.dates());
        try (RunLease lease = RunLease.declare(killed, run)) {
            assertThat(repair(Clock.systemUTC(), false)).isEmpty();
            assertThat(repair(LATER, true))
                    .containsExactly("trusted.events recorded that run " + run.runId() + " died");
            assertThat(local.metastore().getAllDatabases()).doesNotContain(events.prefix() + "ops");

            int finders = 4;
            CyclicBarrier start = new CyclicBarrier(finders);
            ExecutorService threads = Executors.newFixedThreadPool(finders);
            List<Future<List<String>>> found = new ArrayList<>();
            for (int finder = 0; finder < finders; finder++) {
                found.add(threads.submit(() -> {
                    start.await();
                    return repair(LATER, false);
                }));
            }
            for (Future<List<String>> finder : found) {
                finder.get();
            }
            threads.shutdown();

            assertThat(repair(LATER, false)).isEmpty();
            assertThat(lines("runs", "run_id", "table_name", "first_date", "last_date", "dates", "outcome"))
                    .containsExactly(run.runId() + " trusted.events 2024-01-01 2024-01-07 7 died");
            assertThat(read("runs")
                            .where("exit_code IS NULL AND started_at <= ended_at AND message LIKE '%was killed%'")
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void theNextRunOfATableTellsOfOneThatWasKilled() throws Exception {
        Lake killed = events.open(tables());
        try (RunLease lease = RunLease.declare(killed, StartedRun.of(killed, RAW, List.of()))) {
            run(events.open(LATER, Step.Listener.NONE, tables()), List.of(RAW), DAY, false);
        }
        assertThat(lines("runs", "table_name", "dates", "outcome", "exit_code"))
                .containsExactlyInAnyOrder("raw.events 0 died", "raw.events 1 committed 0");
    }

    @Test
    void aRunThatOnlyStoodStillIsShownWithItsEndAlone() throws Exception {
        List<String> meanwhile = new ArrayList<>();
        Lake frozen = events.open(
                Clock.systemUTC(),
                step -> {
                    if (step == Step.WRITTEN) {
                        try {
                            repair(LATER, false);
                            meanwhile.addAll(lines("runs", "table_name", "outcome"));
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                },
                tables());

        run(frozen, List.of(RAW), DAY, false);

        assertThat(meanwhile).containsExactly("raw.events died");
        assertThat(lines("runs", "run_id", "table_name", "outcome"))
                .containsExactly(frozen.runId() + " raw.events committed");
        assertThat(repair(LATER, false)).isEmpty();
    }

    @Test
    void freshnessFollowsWhatATableIsBuiltFrom() throws Exception {
        run(List.of(RAW, TRUSTED, GOLD), DAY, false, tables());
        assertThat(lines("freshness", "table_name", "date", "status", "sequence", "rows"))
                .containsExactlyInAnyOrder(
                        "raw.events 2024-01-01 landed 1 1",
                        "trusted.events 2024-01-01 fresh 1 2",
                        "gold.counts 2024-01-01 fresh 1 2");

        run(List.of(RAW), DAY, true, tables());

        assertThat(lines("freshness", "table_name", "date", "status", "sequence", "rows"))
                .containsExactlyInAnyOrder(
                        "raw.events 2024-01-01 landed 2 1",
                        "trusted.events 2024-01-01 stale 1 2",
                        "gold.counts 2024-01-01 stale 1 2");
    }

    /** A query over all of ops.freshness took longer with every table and date. */
    @Test
    void theLastDatesOfAllTablesAreInOneFileHoweverManyThereAre() throws Exception {
        DateRange month = new DateRange(LocalDate.parse("2024-01-01"), LocalDate.parse("2024-02-01"));
        run(List.of(RAW, TRUSTED), month, false, tables());
        run(List.of(RAW), DateRange.of(LocalDate.parse("2024-01-31")), true, tables());

        assertThat(read("freshness").count()).isGreaterThan(62);
        Partition only = local.partitions(events.prefix() + "ops", "last_dates").get(0);
        assertThat(local.partitions(events.prefix() + "ops", "last_dates")).hasSize(1);
        try (Stream<Path> files = Files.list(Path.of(URI.create(only.getSd().getLocation())))) {
            assertThat(files.filter(file -> file.toString().endsWith(".avro"))).hasSize(1);
        }
        List<String> lines = lines("last_dates", "table_name", "date", "status");
        assertThat(lines.stream().filter(line -> line.startsWith("raw.events")))
                .hasSize(14)
                .contains("raw.events 2024-01-18 landed", "raw.events 2024-01-31 landed");
        assertThat(lines).contains("trusted.events 2024-01-31 stale").hasSizeLessThanOrEqualTo(3 * 14);
    }

    /** Other tables were told of by a version that did not know this one. */
    @Test
    void theLastDatesOfTablesThatAreNotBuiltAgainAreTakenFromFreshness() throws Exception {
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        local.metastore().dropTable(events.prefix() + "ops", "last_dates");

        Lake other = events.open(tables());
        new Ops(other, other.publisher().ops()).refreshFreshness(List.of(GOLD));

        assertThat(lines("last_dates", "table_name", "date", "status")).contains("raw.events 2024-01-01 landed");
    }

    @Test
    void aRunWhoseOpsCanNotBeWrittenSucceeds() throws Exception {
        Path ops = local.folder().resolve("lake/" + events.prefix() + "ops");
        Files.createDirectories(ops.getParent());
        Files.writeString(ops, "a file where the folder should be");

        List<TableRun> runs = run(List.of(RAW, TRUSTED), DAY, false, tables());

        assertThat(runs).extracting(TableRun::outcome).containsOnly(TableRun.Outcome.COMMITTED);
        Files.delete(ops);
        run(List.of(RAW, TRUSTED), DAY, false, tables());
        assertThat(lines("commits", "table_name", "sequence"))
                .containsExactlyInAnyOrder("raw.events 1", "trusted.events 1");
    }

    private List<TableRun> run(List<TableName> names, DateRange range, boolean refetch, Table... tables)
            throws Exception {
        return run(events.open(tables), names, range, refetch);
    }

    private static List<TableRun> run(Lake lake, List<TableName> names, DateRange range, boolean refetch)
            throws Exception {
        try (TableRunner runner = new TableRunner(lake, local::spark)) {
            return runner.run(names, range, new RunOptions(refetch, false, BuildOverrides.NOTHING));
        }
    }

    /** What was repaired at a time, a line for each action. */
    private List<String> repair(Clock clock, boolean dryRun) throws Exception {
        Lake lake = events.open(clock, Step.Listener.NONE, tables());
        List<String> actions = new ArrayList<>();
        try (Publisher publisher = lake.publisher()) {
            for (Table table : tables()) {
                new Repair(lake, publisher)
                        .run(table, dryRun)
                        .forEach(action -> actions.add(action.table() + " " + action.what()));
            }
        }
        return actions;
    }

    private List<String> lines(String table, String... columns) throws Exception {
        List<org.apache.spark.sql.Column> texts = new ArrayList<>();
        for (String column : columns) {
            texts.add(functions.col(column).cast("string"));
        }
        return read(table)
                .select(functions.concat_ws(" ", texts.toArray(new org.apache.spark.sql.Column[0])))
                .as(Encoders.STRING())
                .collectAsList();
    }

    /** A table in ops, with its first partition column where that is the table's name. */
    private Dataset<Row> read(String table) throws Exception {
        Dataset<Row> rows = null;
        for (Partition partition : local.partitions(events.prefix() + "ops", table)) {
            Dataset<Row> part =
                    local.spark().read().format("avro").load(partition.getSd().getLocation());
            if (!List.of("runs", "last_dates").contains(table)) {
                part = part.withColumn(
                        "table_name", functions.lit(partition.getValues().get(0)));
            }
            rows = rows == null ? part : rows.unionByName(part);
        }
        return rows;
    }
}
