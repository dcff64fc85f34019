package dev.igarape.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The short form of faults on a cluster with several nodes of each kind: one of them is killed under a job and comes back. After
 * each trial every acknowledged mark must be in the tables once, as in {@link FaultsIT}. The first broker is left alone: it is
 * the one controller.
 */
@EnabledIfSystemProperty(named = "igarape.cluster", matches = "true")
final class NodesIT {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    private static final Path STATE = HOME.resolve("cli/target/nodes");
    private static final ExecutorLogs EXECUTORS = new ExecutorLogs(STATE);

    /** So many that tasks read and write for seconds. */
    private static final int LOAD = 100_000;
    /** Rows that take about a millisecond each. */
    private static final int SLOW = 3_000;

    private static final String SLOWLY = "gold.marks_slowly";
    private static final Pattern SECOND_ATTEMPT = Pattern.compile("Running task \\d+\\.1 in stage");
    /** What the cluster does by default, but sooner. */
    private static final Map<String, String> SPECULATION = Map.of(
            "spark.speculation.interval", "50ms",
            "spark.speculation.minTaskRuntime", "50ms",
            "spark.speculation.task.duration.threshold", "200ms",
            // An application that ends asks all executors, and waits so long for one that stands still.
            "spark.network.timeout", "40s",
            "spark.network.timeoutInterval", "10s",
            "spark.executor.heartbeatInterval", "5s");

    /** Otherwise a landing of so few records has no tasks. */
    private static final Map<String, String> LANDING_BY_EXECUTORS =
            Map.of("spark.hadoop.igarape.landing.small", "1000");

    private static FaultLake lake;
    private static Stage stage;

    @RegisterExtension
    static final AfterFailure CATCH_UP = new AfterFailure(() -> stage.catchUp());

    @BeforeAll
    static void start() throws Exception {
        lake = FaultLake.cluster(HOME, STATE, "datanode=3,kafka=3,spark-worker=2,trino-worker=1", "spark");
        stage = Stage.ofMarks(lake);
        stage.begin();
        stage.reader().start();
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (stage != null) {
                stage.reader().close();
            }
        } finally {
            if (lake != null) {
                lake.close();
            }
        }
    }

    /** Its executor dies with it; the tasks that it had are done by the other worker's. */
    @ParameterizedTest
    @ValueSource(strings = {Stage.RAW, Stage.DAILY, Stage.CURRENT, Stage.HISTORY})
    void aWorkerDiesWithTheTasksThatItHas(String table) throws Exception {
        LocalDate date = stage.dateOf(table);
        stage.marks().send(date, LOAD);
        if (!table.equals(Stage.RAW)) {
            stage.run(Stage.RAW, date);
        }
        Set<Path> before = EXECUTORS.all();
        RunningJob job = table.equals(Stage.RAW)
                ? lake.startWith(LANDING_BY_EXECUTORS, table, date)
                : stage.start(Map.of(), table, date);
        outliving(job, awaitBusyWorker(job, before), () -> stage.completeAfter(table));
        if (table.equals(Stage.HISTORY)) {
            assertThat(Truth.ofHistory(lake, stage.marks().acknowledged(date::equals)))
                    .matches(Audit::isClean);
        }
    }

    /** Dates of a range are built side by side, and each by tasks of seconds: neither worker has all of them. */
    @Test
    void datesOfARangeAreSpreadOverTheWorkers() throws Exception {
        LocalDate from = Stage.FIRST.plusDays(2);
        LocalDate to = from.plusDays(2);
        for (LocalDate date : from.datesUntil(to).toList()) {
            stage.marks().send(date, 3 * SLOW);
        }
        stage.run(Stage.RAW, from);
        lake.run("run", Stage.DAILY, "--from", from.toString(), "--to", to.toString())
                .succeeded();
        Set<Path> before = EXECUTORS.all();
        lake.run("run", SLOWLY, "--from", from.toString(), "--to", to.toString())
                .succeeded();
        assertThat(EXECUTORS.workersSince(before)).containsExactlyInAnyOrder("spark-worker-1", "spark-worker-2");
        assertThat(lake.number("SELECT count(*) FROM " + SLOWLY + " WHERE date >= DATE '" + from + "'"))
                .isEqualTo(6 * SLOW);
        stage.verifyMarks();
    }

    @ParameterizedTest
    @ValueSource(strings = {Stage.RAW, Stage.DAILY})
    void aDataNodeDiesUnderWhatIsWritten(String table) throws Exception {
        LocalDate date = stage.dateOf(table);
        stage.marks().send(date, LOAD);
        if (!table.equals(Stage.RAW)) {
            stage.run(Stage.RAW, date);
        }
        String folder = "/lake/" + table.replace('.', '/');
        List<String> commits = lake.names(folder);
        RunningJob job = stage.start(Map.of(), table, date);
        await().atMost(Duration.ofMinutes(3))
                .until(() -> !job.isAlive() || !lake.names(folder).equals(commits));
        outliving(job, "datanode-2");
    }

    /** The landing knows which records there are, and has not read them; others are sent while their leader is dead. */
    @Test
    void aBrokerDiesThatLeadsAPartition() throws Exception {
        LocalDate date = stage.dateOf(Stage.RAW);
        stage.marks().send(date, LOAD);
        int broker = stage.marks().leaders().stream()
                .filter(leader -> leader != 1)
                .findFirst()
                .orElseThrow();
        RunningJob job = stage.start(Map.of("IGARAPE_STOP_AT", "planned"), Stage.RAW, date);
        try {
            assertThat(job.awaitFrozen()).as(job.log()).isTrue();
            lake.kill("kafka-" + broker);
            stage.send(date);
            job.thaw();
            // A landing that finds no new leader in time says that it can be run again.
            assertThat(job.finish()).as(job.log()).isIn(0, 4);
        } finally {
            job.kill();
            lake.start();
        }
        stage.run(Stage.RAW, date);
        stage.verifyMarks();
    }

    /** Readers wait or fail, and see whole versions before and after; a build does not notice. */
    @Test
    void trinosOnlyWorkerDiesUnderReaders() throws Exception {
        stage.prepare(Stage.DAILY, Stage.FIRST);
        stage.reader().expectOutage();
        RunningJob job = stage.start(Map.of(), Stage.DAILY, Stage.FIRST);
        outliving(job, "trino-worker-1", () -> {
            await().atMost(Duration.ofMinutes(3))
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .until(() -> lake.number("SELECT count(*) FROM " + Stage.DAILY) > 0);
            stage.reader().settle();
        });
    }

    /** An executor stands still with a task: another attempt is made on the other worker, and one of the two counts. */
    @Test
    void ofTwoAttemptsOfATaskOneCounts() throws Exception {
        LocalDate date = Stage.FIRST.plusDays(1);
        stage.marks().send(date, SLOW);
        stage.run(Stage.RAW, date);
        stage.run(Stage.DAILY, date);
        Set<Path> before = EXECUTORS.all();
        RunningJob job = lake.startWith(SPECULATION, SLOWLY, date);
        List<ProcessHandle> executors =
                lake.server(awaitBusyWorker(job, before)).descendants().toList();
        assertThat(executors).isNotEmpty();
        try {
            for (ProcessHandle executor : executors) {
                RunningJob.signal("STOP", executor.pid());
            }
            assertThat(job.finish()).as(job.log()).isZero();
        } finally {
            job.kill();
            for (ProcessHandle executor : executors) {
                RunningJob.signal("CONT", executor.pid());
            }
        }
        assertThat(EXECUTORS.countSince(before, SECOND_ATTEMPT)).isPositive();
        String built = " FROM " + SLOWLY + " WHERE date = DATE '" + date + "'";
        assertThat(lake.number("SELECT count(*)" + built)).isEqualTo(SLOW);
        assertThat(lake.number("SELECT count(DISTINCT sequence)" + built)).isEqualTo(SLOW);
        stage.verifyMarks();
    }

    private static String awaitBusyWorker(RunningJob job, Set<Path> before) throws Exception {
        Optional<String> busy = await().atMost(Duration.ofMinutes(3))
                .until(() -> job.isAlive() ? EXECUTORS.busyWorkerSince(before) : Optional.of(""), Optional::isPresent);
        assertThat(busy.orElseThrow()).as(job.log()).isNotEmpty();
        return busy.orElseThrow();
    }

    private static void outliving(RunningJob job, String node) throws Exception {
        outliving(job, node, () -> {});
    }

    /** What is done when all nodes run again. */
    private interface Recovery {
        void run() throws Exception;
    }

    /** Has a job under way end well, though a node is killed, brings that one back, and compares. */
    private static void outliving(RunningJob job, String node, Recovery recovery) throws Exception {
        try {
            assertThat(job.isAlive()).as(job.log()).isTrue();
            lake.kill(node);
            assertThat(job.finish()).as(job.log()).isZero();
        } finally {
            job.kill();
            lake.start();
            recovery.run();
        }
        stage.verifyMarks();
    }
}
