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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    private static Stage stage;

    @BeforeAll
    static void start() throws Exception {
        FaultLake lake = FaultLake.up(HOME, STATE, false);
        stage = new Stage(
                lake,
                new Marks(lake.target(), STATE.resolve("marks.json"), false),
                new Ledgers(lake),
                new Reader(lake, List.of(Stage.RAW, Stage.DAILY), Duration.ofMillis(200)),
                Progress.open(STATE.resolve("progress.json"), 0, "", false),
                new Poison(lake.target()),
                0,
                false);
        stage.marks().createTopic();
        stage.send(Stage.FIRST);
        stage.send(Stage.KEYED);
        lake.run("run", Stage.RAW, Stage.DAILY, "--date", Stage.FIRST.toString())
                .succeeded();
        lake.run("run", Stage.CURRENT, "--date", Stage.KEYED.toString()).succeeded();
        lake.stop();
        lake.moveToCluster("namenode=2,datanode=2,kafka=1,spark-worker=1", "spark");
        awaitStandby();
        stage.reader().start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (stage != null) {
            stage.reader().close();
            stage.lake().close();
        }
    }

    @Test
    void everythingIsCalledByTheNameservice() throws Exception {
        assertThat(stage.lake().target().hdfs()).isEqualTo("hdfs://lake");
        try (Connection trino = stage.lake().trino();
                Statement statement = trino.createStatement()) {
            for (String table : List.of(Stage.RAW, Stage.DAILY, Stage.CURRENT)) {
                ResultSet paths = statement.executeQuery("SELECT DISTINCT \"$path\" FROM " + table);
                assertThat(paths.next()).isTrue();
                do {
                    assertThat(paths.getString(1)).startsWith("hdfs://lake/lake/");
                } while (paths.next());
            }
        }
        verify();
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
        LocalDate date = Stage.dateOf(table);
        stage.prepare(table, date);
        RunningJob job = stage.start(Map.of("IGARAPE_STOP_AT", step), table, date);
        assertThat(job.awaitFrozen()).as(job.log()).isTrue();
        NameNodes.NameNode killed = killActive();
        job.thaw();
        assertThat(job.finish()).as(job.log()).isEqualTo(0);
        assertThat(NAME_NODES.active()).isNotEqualTo(killed);
        stage.lake().start();
        awaitStandby();
        stage.reader().settle();
        verify();
    }

    /**
     * HDFS's client drops the first answer to each of its calls and asks again, as after a failover: what the first call did
     * must not count as somebody else's deed. (The NameNode remembers its answers: {@code RetryCache}.)
     */
    @Test
    void aLostAnswerIsNoLostRace() throws Exception {
        for (String table : List.of(Stage.RAW, Stage.DAILY)) {
            LocalDate date = Stage.dateOf(table);
            stage.prepare(table, date);
            RunningJob job = stage.lake()
                    .startWith(Map.of("spark.hadoop.dfs.client.test.drop.namenode.response.number", "1"), table, date);
            assertThat(job.finish()).as(job.log()).isEqualTo(0);
            assertThat(job.log()).contains("\"outcome\":\"committed\"");
        }
        assertThat(Files.readString(STATE.resolve("logs/jobs.log"))).contains("proactively drop responses");
        verify();
    }

    private static NameNodes.NameNode killActive() throws Exception {
        NameNodes.NameNode active = NAME_NODES.active();
        stage.reader().expectOutage();
        ProcessHandle process = stage.lake().server(active.server());
        process.destroyForcibly();
        process.onExit().join();
        return active;
    }

    /** Waits until one NameNode is active and the other could take over. */
    private static void awaitStandby() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> NAME_NODES.all().stream().anyMatch(NameNodes.NameNode::isStandby));
    }

    private static void verify() throws Exception {
        FaultLake lake = stage.lake();
        Marks marks = stage.marks();
        assertThat(stage.reader().faults(stage.ledgers())).isEmpty();
        assertThat(List.of(
                        Audit.of(lake, Stage.RAW, "value.", marks.acknowledged(date -> true)),
                        Audit.of(lake, Stage.DAILY, "", marks.acknowledged(date -> date.isBefore(Stage.LANDED_ONLY))),
                        Truth.ofCurrent(lake, marks.acknowledged(Stage.KEYED::equals))))
                .allMatch(Audit::isClean);
        try (Connection trino = lake.trino()) {
            for (String table : List.of(Stage.RAW, Stage.DAILY)) {
                assertThat(Reader.look(trino, table).rows().keySet())
                        .isEqualTo(stage.ledgers().head(table));
            }
        }
    }
}
