package dev.igarape.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A lake that has moved from one server of each kind to a cluster with two NameNodes, of which the active one is killed while
 * jobs are at work. After each trial every acknowledged mark must be in the tables once, as in {@link FaultsIT}.
 */
@EnabledIfSystemProperty(named = "igarape.cluster", matches = "true")
final class FailoverIT {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    private static final Path STATE = HOME.resolve("cli/target/failover");
    private static final NameNodes NAME_NODES = new NameNodes(STATE);
    private static final ExecutorLogs EXECUTORS = new ExecutorLogs(STATE);

    /** So many that tasks write for seconds. */
    private static final int LOAD = 100_000;

    private static FaultLake lake;
    private static Stage stage;

    @RegisterExtension
    static final AfterFailure CATCH_UP = new AfterFailure(() -> stage.catchUp());

    @BeforeAll
    static void start() throws Exception {
        lake = FaultLake.up(HOME, STATE, false);
        stage = Stage.ofMarks(lake);
        stage.begin();
        lake.stop();
        lake.moveToCluster("namenode=2,datanode=2,kafka=1,spark-worker=1", "spark");
        awaitPair();
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

    @Test
    void everythingIsCalledByTheNameservice() throws Exception {
        assertThat(lake.target().hdfs()).isEqualTo("hdfs://lake");
        try (Connection trino = lake.trino();
                Statement statement = trino.createStatement()) {
            for (String table : List.of(Stage.RAW, Stage.DAILY, Stage.CURRENT)) {
                ResultSet paths = statement.executeQuery("SELECT DISTINCT \"$path\" FROM " + table);
                assertThat(paths.next()).isTrue();
                do {
                    assertThat(paths.getString(1)).startsWith("hdfs://lake/lake/");
                } while (paths.next());
            }
        }
        stage.verifyMarks();
    }

    /** The job stands still at a step while the NameNode dies, so that the next thing it asks for finds none. */
    @ParameterizedTest
    @CsvSource({
        Stage.RAW + ",planned",
        Stage.RAW + ",prepared",
        Stage.DAILY + ",planned",
        Stage.DAILY + ",prepared",
        Stage.DAILY + ",leased",
        Stage.CURRENT + ",planned"
    })
    void aJobGoesOnWithTheOtherNameNode(String table, String step) throws Exception {
        LocalDate date = stage.dateOf(table);
        stage.prepare(table, date);
        RunningJob job = stage.start(Map.of("IGARAPE_STOP_AT", step), table, date);
        outliving(job, () -> {
            assertThat(job.awaitFrozen()).as(job.log()).isTrue();
            NameNodes.NameNode survivor = killActive();
            job.thaw();
            return survivor;
        });
    }

    /** The NameNode dies while blocks are read and written: by executors, or by the driver, where it lands by itself. */
    @ParameterizedTest
    @ValueSource(strings = {Stage.RAW, Stage.DAILY, Stage.CURRENT})
    void readingAndWritingGoesOnWithTheOtherNameNode(String table) throws Exception {
        LocalDate date = stage.dateOf(table);
        stage.marks().send(date, LOAD);
        if (!table.equals(Stage.RAW)) {
            stage.run(Stage.RAW, date);
        }
        Set<Path> before = EXECUTORS.all();
        String folder = "/lake/" + table.replace('.', '/');
        List<String> commits = lake.names(folder);
        RunningJob job = stage.start(Map.of(), table, date);
        outliving(job, () -> {
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> !job.isAlive()
                            || EXECUTORS.hasTasksSince(before)
                            || !lake.names(folder).equals(commits));
            assertThat(job.isAlive()).as(job.log()).isTrue();
            return killActive();
        });
    }

    /**
     * Has a job under way end well, though the active NameNode is killed, and brings that one back.
     *
     * @param killing kills it; gives the other one
     */
    private static void outliving(RunningJob job, Callable<NameNodes.NameNode> killing) throws Exception {
        try {
            NameNodes.NameNode survivor = killing.call();
            assertThat(job.finish()).as(job.log()).isEqualTo(0);
            assertThat(NAME_NODES.active()).isEqualTo(survivor);
        } finally {
            job.kill();
            lake.start();
            awaitPair();
            stage.reader().settle();
        }
        stage.verifyMarks();
    }

    /**
     * HDFS's client drops the first answer to each of its calls and asks again, as after a failover: what the first call did
     * must not count as somebody else's deed. (The NameNode remembers its answers: {@code RetryCache}.)
     */
    @Test
    void aLostAnswerIsNoLostRace() throws Exception {
        for (String table : List.of(Stage.RAW, Stage.DAILY, Stage.CURRENT)) {
            LocalDate date = stage.dateOf(table);
            stage.prepare(table, date);
            RunningJob job = lake.startWith(
                    Map.of("spark.hadoop.dfs.client.test.drop.namenode.response.number", "1"), table, date);
            assertThat(job.finish()).as(job.log()).isEqualTo(0);
            assertThat(job.log()).contains("\"outcome\":\"committed\"");
        }
        assertThat(Files.readString(STATE.resolve("logs/jobs.log"))).contains("proactively drop responses");
        stage.verifyMarks();
    }

    /** Kills the active NameNode; gives the other one. */
    private static NameNodes.NameNode killActive() throws Exception {
        NameNodes.NameNode active = NAME_NODES.active();
        NameNodes.NameNode other = NAME_NODES.all().stream()
                .filter(one -> !one.equals(active))
                .findFirst()
                .orElseThrow();
        assertThat(other.isStandby()).isTrue();
        stage.reader().expectOutage();
        lake.kill(active.server());
        return other;
    }

    private static void awaitPair() {
        await().atMost(Duration.ofMinutes(4)).until(NAME_NODES::arePaired);
    }
}
