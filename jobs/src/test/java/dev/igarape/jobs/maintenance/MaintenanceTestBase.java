package dev.igarape.jobs.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.DateRange;
import dev.igarape.model.Input;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** An HTTP landing and daily tables to maintain, on a real metastore, with files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
abstract class MaintenanceTestBase {
    static final TableName RAW = TableName.parse("raw.events");
    static final TableName TRUSTED = TableName.parse("trusted.events");
    static final TableName GOLD = TableName.parse("gold.counts");
    static final LocalDate DATE = LocalDate.parse("2024-01-01");
    static final DateRange DAY = DateRange.of(DATE);
    static final Duration WEEK = Duration.ofDays(7);

    static LocalLake local;
    static final AtomicInteger LAKES = new AtomicInteger();
    String prefix;
    HttpServer server;
    volatile String user = "ana";

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
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

    /** Lands an answer of one user and builds all from it. */
    void build(String name) throws Exception {
        user = name;
        run(lake(Step.Listener.NONE), List.of(RAW, TRUSTED, GOLD), true);
    }

    /** A build of the date that left many small files. */
    void commitInFiles(int count) throws IOException, InterruptedException {
        Lake lake = lake(Step.Listener.NONE);
        Table table = lake.table(TRUSTED);
        String commitId = lake.newCommitId();
        String path = commitId + "/date=" + DATE;
        String target = lake.target().folder(TRUSTED) + "/" + path;
        local.spark()
                .range(0, 100L * count, 1, count)
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

    List<MaintenanceAction> rollback(TableName table, Optional<Long> to, boolean dryRun) throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Rollback(lake, publisher).run(lake.table(table), DATE, to, dryRun);
        }
    }

    List<MaintenanceAction> repair(boolean dryRun) throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        List<MaintenanceAction> actions = new java.util.ArrayList<>();
        try (Publisher publisher = lake.publisher()) {
            for (TableName table : List.of(RAW, TRUSTED, GOLD)) {
                actions.addAll(new Repair(lake, publisher).run(lake.table(table), dryRun));
            }
        }
        return actions;
    }

    List<MaintenanceAction> compact(TableName table, boolean dryRun) throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            return new Compact(lake, publisher, local::spark).run(lake.table(table), dryRun);
        }
    }

    Path ledgerFolder(TableName table) throws IOException {
        return Path.of(URI.create(lake(Step.Listener.NONE).target().ledgerFolder(table)));
    }

    Ledger ledger(TableName table) throws IOException {
        return lake(Step.Listener.NONE).ledger(table);
    }

    List<String> plan() throws IOException {
        return new Planner(lake(Step.Listener.NONE))
                .plan(List.of(TRUSTED, GOLD)).stream()
                        .map(date -> date.table() + " " + date.date() + " " + date.status() + " " + date.reasons())
                        .toList();
    }

    List<String> users() throws Exception {
        return read().select("user").as(Encoders.STRING()).collectAsList();
    }

    Dataset<Row> read() throws Exception {
        String[] locations = local.partitions(prefix + "trusted", "events").stream()
                .map(Partition::getSd)
                .map(storage -> storage.getLocation())
                .toArray(String[]::new);
        return local.spark().read().parquet(locations);
    }

    static List<TableRun> run(Lake lake, List<TableName> names, boolean refetch)
            throws IOException, InterruptedException {
        try (TableRunner runner = runner(lake)) {
            return runner.run(names, DAY, new RunOptions(refetch, false, BuildOverrides.NOTHING));
        }
    }

    static TableRunner runner(Lake lake) {
        return new TableRunner(lake, local::spark);
    }

    Lake lake(Step.Listener steps) throws IOException {
        return lake(Clock.systemUTC(), steps);
    }

    Lake lake(Clock clock, Step.Listener steps) throws IOException {
        Map<String, String> variables =
                Map.of("API", "http://127.0.0.1:" + server.getAddress().getPort());
        return local.lake(prefix, Map.of(), Map.of(), variables, clock, steps, raw(), trusted(), gold());
    }

    static Table raw() {
        Source source = new Source.Http("${API}/events", Map.of("date", "{date}"), "json", Optional.empty());
        return new Table(RAW, "", new LandingDefinition(source), Map.of(), List.of(), List.of(), "7 days", "raw hash");
    }

    static Table trusted() {
        return daily(
                TRUSTED,
                "SELECT e.user FROM raw.events LATERAL VIEW explode(from_json(body, 'array<struct<user:string>>')) t AS e",
                RAW);
    }

    static Table gold() {
        return daily(GOLD, "SELECT count(*) AS events FROM trusted.events", TRUSTED);
    }

    static Table daily(TableName name, String sql, TableName input) {
        String hash = Integer.toHexString(sql.hashCode());
        return new Table(
                name, "", new DailyDefinition(sql), Map.of(), List.of(new Input(input, 0)), List.of(), "forever", hash);
    }
}
