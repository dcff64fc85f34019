package dev.igarape.jobs;

import static dev.igarape.jobs.testing.EventsLake.GOLD;
import static dev.igarape.jobs.testing.EventsLake.TRUSTED;
import static dev.igarape.jobs.testing.EventsLake.gold;
import static dev.igarape.jobs.testing.EventsLake.raw;
import static dev.igarape.jobs.testing.EventsLake.table;
import static dev.igarape.jobs.testing.EventsLake.tables;
import static dev.igarape.jobs.testing.EventsLake.trusted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.live.LiveServer;
import dev.igarape.jobs.live.LiveService;
import dev.igarape.jobs.runs.RunLease;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.warm.RunPool;
import dev.igarape.jobs.warm.Work;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.handover.WarmRuns;
import dev.igarape.model.job.LiveProcess;
import dev.igarape.model.job.PlanResult;
import dev.igarape.model.job.PlannedDate;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Runs of the jar's commands in a live service, beside runs in a process of their own. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class HandedRunTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String TOKEN = "secret";
    private static final List<String> HADOOP = List.of(
            "javax.jdo.option.ConnectionURL",
            "datanucleus.schema.autoCreateAll",
            "hive.metastore.schema.verification",
            "hive.metastore.disallow.incompatible.col.type.changes",
            "hive.metastore.warehouse.dir");

    private static LocalLake local;

    @TempDir
    private Path files;

    private final List<String> out = new ArrayList<>();
    private final List<String> err = new ArrayList<>();
    private EventsLake warm;
    private EventsLake cold;
    private Path jar;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
        // Spark takes the properties of its process when it starts, and these are for cold runs alone.
        local.spark();
        Configuration hadoop = local.hadoop();
        HADOOP.forEach(name -> System.setProperty("spark.hadoop." + name, hadoop.get(name)));
    }

    @AfterAll
    static void forget() {
        HADOOP.forEach(name -> System.clearProperty("spark.hadoop." + name));
    }

    @BeforeEach
    void open() throws Exception {
        warm = new EventsLake(local);
        cold = new EventsLake(local);
        jar = Files.writeString(files.resolve("jobs.jar"), "jar");
    }

    @AfterEach
    void close() {
        warm.close();
        cold.close();
    }

    /** A live service of the lake that has turns while runs are handed to it. */
    private final class Service implements AutoCloseable {
        private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        private final LiveService live;
        private final RunPool pool;
        private final LiveServer server;
        private final Thread turns;

        private Service(Table... tables) throws IOException {
            this(List.of(gold()), tables);
        }

        /** @param steps tables that have turns */
        private Service(List<Table> steps, Table... tables) throws IOException {
            Lake lake = warm.open(tables);
            live = new LiveService(lake, BuiltInKinds.ALL, steps, local::spark, Duration.ofMillis(50), meters);
            HandedCommands commands = new HandedCommands(lake.target(), HandedRun.fingerprint(jar), local.spark());
            pool = new RunPool(3, commands, local.spark().sparkContext(), lake.clock(), meters, () -> {});
            server = LiveServer.start("127.0.0.1", 0, live, pool, TOKEN, meters);
            Json.mapper()
                    .writeValue(
                            files.resolve("process.json").toFile(),
                            new LiveProcess(1, lake.runId(), "127.0.0.1", server.port(), TOKEN, List.of()));
            turns = new Thread(() -> {
                try {
                    live.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            turns.start();
        }

        @Override
        public void close() throws InterruptedException {
            live.stop();
            turns.join();
            pool.close();
            server.close();
            live.close();
        }
    }

    @Test
    void givesTheSameRowsOutputAndRecordBesideTheServicesOwnTurns() throws Exception {
        String[] run = {"run", "--tables", "raw.events,trusted.events", "--date", "2024-01-01", "--run-id", "r1"};
        String[] plan = {"plan", "--tables", "trusted.events"};
        try (Service service = new Service(tables())) {
            assertThat(handOver(warm, tables(), run)).hasValue(0);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(rows(warm, GOLD)).hasSize(2));
            assertThat(handOver(warm, tables(), plan)).hasValue(0);
            assertThat(service.live.status().tables().get(0).error()).isEmpty();
        }
        List<String> printed = List.copyOf(out);
        out.clear();
        assertThat(alone(cold, tables(), run)).isZero();
        assertThat(alone(cold, tables(), plan)).isZero();

        assertThat(printed).hasSize(4);
        assertThat(masked(printed, warm)).isEqualTo(masked(out, cold));
        assertThat(rows(warm, TRUSTED)).hasSize(2).isEqualTo(rows(cold, TRUSTED));
        assertThat(runs(warm, "r1")).hasSize(2).isEqualTo(runs(cold, "r1"));
    }

    @Test
    void runsOfTheTablesThatHaveTurnsGiveTheSameRows() throws Exception {
        String[] backfill = {
            "run", "--tables", "raw.events,trusted.events,gold.counts", "--from", "2024-01-01", "--to", "2024-01-04"
        };
        String[] again =
                Stream.concat(Stream.of(backfill), Stream.of("--refetch")).toArray(String[]::new);
        String[] plan = {"plan", "--tables", "trusted.events,gold.counts"};
        try (Service service = new Service(List.of(trusted(), gold()), tables())) {
            assertThat(handOver(warm, tables(), backfill)).hasValue(0);
            for (int clicks = 1; clicks <= 3; clicks++) {
                warm.answer("[" + String.join(",", Collections.nCopies(clicks, "{\"user\":\"ana\",\"kind\":\"click\"}"))
                        + "]");
                // Its landing has both at work at once: the service, and the rest of the run.
                assertThat(handOver(warm, tables(), again)).hasValue(0);
            }
            out.clear();
            assertThat(handOver(warm, tables(), plan)).hasValue(0);
            PlanResult planned = Json.mapper().readValue(out.get(0), PlanResult.class);
            assertThat(planned.dates())
                    .hasSize(6)
                    .allSatisfy(date -> assertThat(date.status()).isEqualTo(PlannedDate.Status.FRESH));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(service.live.status().tables())
                            .allSatisfy(table -> assertThat(table.error()).isEmpty()));
        }
        for (String date : List.of("2024-01-01", "2024-01-02", "2024-01-03")) {
            assertThat(rowsOf(date, TRUSTED)).isEqualTo(Collections.nCopies(3, "[ana,click]"));
            assertThat(rowsOf(date, GOLD)).containsExactly("[3,click]");
        }
    }

    @Test
    void aRunThatFailsTellsTheSameAndHarmsNoOther() throws Exception {
        Table broken = trusted(new Expectation("none", "user = 'nobody'", Expectation.Action.FAIL));
        Table[] definitions = {raw(), broken, gold()};
        String[] run = {"run", "--tables", "raw.events,trusted.events", "--date", "2024-01-01", "--run-id", "r2"};
        try (Service service = new Service(tables())) {
            assertThat(handOver(warm, definitions, run)).hasValue(5);
            List<String> told = errors();
            assertThat(alone(cold, definitions, run)).isEqualTo(5);
            assertThat(masked(told, warm)).isNotEmpty().isEqualTo(masked(errors(), cold));
            assertThat(runs(warm, "r2")).hasSize(2).isEqualTo(runs(cold, "r2"));

            assertThat(handOver(warm, tables(), "run", "--tables", "trusted.events", "--date", "2024-01-01"))
                    .hasValue(0);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(rows(warm, GOLD)).hasSize(2));
            assertThat(service.pool.status()).isEmpty();
        }
    }

    @Test
    void aRunWhoseCallerGoesAwayIsCancelledAndOnRecordAsDied() throws Exception {
        Table endless = table(
                TableName.parse("gold.endless"),
                new DailyDefinition("SELECT kind, count(*) AS events FROM trusted.events"
                        + " LATERAL VIEW explode(sequence(0, 999999)) t AS a"
                        + " LATERAL VIEW explode(sequence(0, 999999)) u AS b WHERE (a * b) % 7 = 3 GROUP BY kind"),
                Map.of("kind", "string", "events", "bigint"),
                TRUSTED,
                List.of());
        Table[] definitions = {raw(), trusted(), gold(), endless};
        String[] run = {"run", "--tables", "gold.endless", "--date", "2024-01-01", "--run-id", "r3"};
        try (Service service = new Service(tables())) {
            assertThat(handOver(warm, tables(), "run", "--tables", "raw.events,trusted.events", "--date", "2024-01-01"))
                    .hasValue(0);
            HttpURLConnection caller =
                    (HttpURLConnection) URI.create("http://127.0.0.1:" + service.server.port() + "/runs")
                            .toURL()
                            .openConnection();
            caller.setDoOutput(true);
            caller.setRequestProperty("Authorization", "Bearer " + TOKEN);
            HandedRun handed = new HandedRun(HandedRun.fingerprint(jar), arguments(warm, definitions, run), Map.of());
            caller.getOutputStream().write(Json.mapper().writeValueAsBytes(handed));
            InputStream answer = caller.getInputStream();
            await().atMost(PATIENCE)
                    .until(() -> local.spark().sparkContext().statusTracker().getActiveJobIds().length > 0
                            && RunLease.running(warm.open(definitions), endless.name())
                                    .containsValue("r3"));
            assertThat(service.pool.status()).hasSize(1);

            answer.close();
            caller.disconnect();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(service.pool.status()).isEmpty());
            assertThat(RunLease.running(warm.open(definitions), endless.name())).isEmpty();
            assertThat(runs(warm, "r3")).containsExactly("gold.endless died null");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(rows(warm, GOLD)).hasSize(2));
            await().atMost(PATIENCE)
                    .until(() -> local.spark().sparkContext().statusTracker().getActiveJobIds().length == 0);
        }
    }

    @Test
    void anotherTargetJarOrCommandIsRefused() throws Exception {
        try (Service service = new Service(tables())) {
            assertThat(handOver(cold, tables(), "plan", "--tables", "trusted.events"))
                    .isEmpty();
            assertThat(handOver(warm, tables(), "rollback", "--tables", "trusted.events"))
                    .isEmpty();
            Files.writeString(jar, "another");
            assertThat(handOver(warm, tables(), "plan", "--tables", "trusted.events"))
                    .isEmpty();
            assertThat(err).hasSize(3);
            assertThat(err.get(0)).contains("409", "another target");
            assertThat(err.get(1)).contains("409", "The service takes");
            assertThat(err.get(2)).contains("409", "another build");
            assertThat(service.pool.status()).isEmpty();
        }
    }

    @Test
    void onlyAFullHeapEndsAService() {
        assertThat(HandedCommands.isOutOfMemory(new IllegalStateException(new OutOfMemoryError("Java heap space"))))
                .isTrue();
        assertThat(HandedCommands.isOutOfMemory(new OutOfMemoryError("Requested array size exceeds VM limit")))
                .isFalse();
        assertThat(HandedCommands.isOutOfMemory(new StackOverflowError())).isFalse();
    }

    @Test
    void aFailureThatCantEvenBeReportedForWantOfMemoryEndsAServiceToo() throws Exception {
        Writer full = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) {
                throw new OutOfMemoryError("Java heap space");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        HandedCommands commands = new HandedCommands(warm.open().target(), "", local.spark());
        Work.Ended end = commands.run(
                new HandedRun("", List.of("nonesuch"), Map.of()),
                Caller.ofProcess(),
                new PrintWriter(full, true),
                new PrintWriter(full, true));
        assertThat(end).isEqualTo(new Work.Ended(1, true));
    }

    private OptionalInt handOver(EventsLake events, Table[] tables, String... command) throws IOException {
        return new WarmRuns(files.resolve("process.json"), jar, Map.of(), err::add)
                .run(arguments(events, tables, command), manifest(events), out::add, err::add);
    }

    /** Runs it as a process of its own would. */
    private int alone(EventsLake events, Table[] tables, String... command) throws IOException {
        StringWriter printed = new StringWriter();
        StringWriter said = new StringWriter();
        Host host = new Host(Host.own().caller(), id -> local.spark().newSession(), failure -> {});
        int status = Main.run(
                host,
                new PrintWriter(printed, true),
                new PrintWriter(said, true),
                arguments(events, tables, command).toArray(String[]::new));
        printed.toString().lines().forEach(out::add);
        said.toString().lines().forEach(err::add);
        return status;
    }

    private Path manifest(EventsLake events) {
        return files.resolve(events.prefix() + "manifest.json");
    }

    private List<String> arguments(EventsLake events, Table[] tables, String... command) throws IOException {
        Lake lake = events.open(tables);
        Path target = files.resolve(events.prefix() + "target.json");
        Json.mapper().writeValue(manifest(events).toFile(), lake.manifest());
        Json.mapper().writeValue(target.toFile(), lake.target());
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(1, List.of("--manifest", manifest(events).toString(), "--target", target.toString()));
        return arguments;
    }

    /** The lines that begin with {@code error:}, without those of the log. */
    private List<String> errors() {
        List<String> errors =
                err.stream().filter(line -> line.startsWith("error:")).toList();
        err.clear();
        return errors;
    }

    /** Without what differs from run to run and from lake to lake. */
    private static List<String> masked(List<String> lines, EventsLake events) {
        return lines.stream()
                .map(line -> line.replace(events.prefix(), "P_")
                        .replaceAll("[0-9]{8}T[0-9]{9}-[0-9a-f]{8}", "COMMIT")
                        .replaceAll("[0-9-]{10}T[0-9:.]+Z", "TIME"))
                .toList();
    }

    private static List<String> rows(EventsLake events, TableName table) throws Exception {
        return select(events, table.layer().toString(), table.name(), "parquet", "*");
    }

    /** All rows of a date of the warm lake, as readers of the metastore see them. */
    private List<String> rowsOf(String date, TableName table) throws Exception {
        List<String> rows = new ArrayList<>();
        for (Partition partition :
                local.partitions(warm.prefix() + table.layer().toString(), table.name())) {
            if (partition.getValues().equals(List.of(date))) {
                local.spark().read().parquet(partition.getSd().getLocation()).collectAsList().stream()
                        .map(Object::toString)
                        .forEach(rows::add);
            }
        }
        return rows;
    }

    /** What {@code ops.runs} says of a run: table, outcome and exit code. */
    private static List<String> runs(EventsLake events, String id) throws Exception {
        return select(events, "ops", "runs", "avro", "run_id", "table_name", "outcome", "exit_code").stream()
                .filter(row -> row.startsWith("[" + id + ","))
                .map(row -> row.substring(id.length() + 2, row.length() - 1).replace(",", " "))
                .sorted()
                .toList();
    }

    private static List<String> select(EventsLake events, String layer, String table, String format, String... columns)
            throws Exception {
        String database = events.prefix() + layer;
        TreeSet<String> rows = new TreeSet<>();
        if (!local.metastore().tableExists(database, table)) {
            return List.of();
        }
        for (Partition partition : local.partitions(database, table)) {
            local.spark()
                    .read()
                    .format(format)
                    .load(partition.getSd().getLocation())
                    .selectExpr(columns)
                    .collectAsList()
                    .forEach(row -> rows.add(row.toString()));
        }
        return List.copyOf(rows);
    }
}
