package dev.igarape.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.ListeningSockets;
import dev.igarape.cli.kubernetes.KubernetesApi;
import dev.igarape.cli.kubernetes.KubernetesSchemas;
import dev.igarape.cli.kubernetes.PodProcesses;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What {@code ./lake submit} prints, run as it is printed: a landing and a daily table, with the jar, the definitions and the
 * target on HDFS alone, which is called by its nameservice.
 */
@EnabledIfSystemProperty(named = "igarape.cluster", matches = "true")
final class SubmitIT {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    private static final Path STATE = HOME.resolve("cli/target/submit");
    private static final int MARKS = 100;

    private static FaultLake lake;
    private static Marks marks;
    private static Gateway gateway;
    /** Dates of which marks were sent. */
    private static final Set<LocalDate> SENT = new TreeSet<>();

    @RegisterExtension
    static final AfterFailure CATCH_UP = new AfterFailure(() -> {
        for (LocalDate date : SENT) {
            lake.run("run", Stage.RAW, Stage.DAILY, "--date", date.toString());
        }
    });

    @BeforeAll
    static void start() throws Exception {
        // Of two NameNodes, since clients then have to be told more.
        lake = FaultLake.cluster(
                HOME, STATE, "namenode=2,datanode=1,kafka=1,spark-worker=1,nodemanager=1", "spark,yarn");
        marks = new Marks(lake.target(), STATE.resolve("marks.json"), false);
        marks.createTopic();
        gateway = lake.gateway();
    }

    @AfterAll
    static void stop() throws Exception {
        if (lake != null) {
            lake.close();
        }
    }

    @Test
    void aNodeOfYarnRunsDriverAndExecutors() throws Exception {
        assertThat(lake.target().hdfs()).isEqualTo("hdfs://lake");
        submit("yarn", Stage.FIRST);
        // The node's logs of what ran in its containers: the first of an application is the driver's.
        List<Path> containers = containers();
        assertThat(containers)
                .as("executors")
                .filteredOn(container -> !container.toString().endsWith("_000001"))
                .anyMatch(container -> read(container.resolve("stderr")).contains("Finished task"));
        Path driver = containers.stream()
                .filter(container -> container.toString().endsWith("_000001"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(driver.resolve("stdout")))
                .contains("\"table\":\"" + Stage.RAW + "\"", "\"table\":\"" + Stage.DAILY + "\"", "committed");
    }

    /** No other machine reaches a server, which asks for no password. */
    @Test
    void serversListenOnLoopbackAlone() throws Exception {
        assertThat(ListeningSockets.byServer(STATE))
                .containsKeys(
                        "namenode",
                        "namenode-2",
                        "datanode-1",
                        "journalnode-3",
                        "zookeeper",
                        "metastore",
                        "kafka-1",
                        "registry",
                        "trino",
                        "spark-master",
                        "spark-worker-1",
                        "resourcemanager",
                        "nodemanager-1")
                .allSatisfy((server, addresses) ->
                        assertThat(addresses).as(server).isNotEmpty().allMatch(InetAddress::isLoopbackAddress));
    }

    @Test
    void aStandaloneClusterRunsExecutors() throws Exception {
        JsonNode ports = Json.mapper().readTree(STATE.resolve("ports.json").toFile());
        String output = submit("spark://127.0.0.1:" + ports.path("spark-master").asInt(), Stage.FIRST.plusDays(1));
        assertThat(output).contains("\"table\":\"" + Stage.RAW + "\"", "\"table\":\"" + Stage.DAILY + "\"");
        // The jar came to the worker from HDFS.
        assertThat(executors()).anyMatch(log -> log.contains("Fetching hdfs://") && log.contains("/igarape/jobs.jar"));
    }

    /** Its settings are the stack's, which name the cluster. Tables by intervals get those of a date that is not over. */
    @Test
    void aLiveServiceHasTasksOnExecutors() throws Exception {
        send(marks.tomorrow());
        long before = withTasks();
        lake.run("live", "start", Stage.RAW, Stage.DAILY, Stage.LIVE, Stage.WINDOWS)
                .succeeded();
        try {
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofSeconds(1))
                    // The tables may not be there yet.
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .untilAsserted(() -> {
                        assertBuilt();
                        assertThat(Audit.of(lake, Stage.LIVE, "", marks.acknowledged(date -> true)))
                                .matches(Audit::isClean);
                        assertThat(Truth.ofWindows(lake, marks.acknowledged(date -> true)))
                                .matches(Audit::isClean);
                    });
        } finally {
            lake.stopLive();
        }
        assertThat(withTasks()).isGreaterThan(before);
    }

    /** How many executors of the standalone cluster have done tasks. */
    private static long withTasks() throws IOException {
        return executors().stream().filter(log -> log.contains("Finished task")).count();
    }

    /** Containers are not children of the stack's commands, but of its NodeManager. */
    @Test
    void nothingInContainersOutlivesTheStack() throws Exception {
        LocalDate date = Stage.FIRST.plusDays(3);
        send(date);
        RunningJob job = gateway.run(commands("yarn", date));
        try {
            await().atMost(Duration.ofMinutes(3)).until(() -> !job.isAlive() || inContainers() > 0);
            assertThat(job.isAlive()).as(job.log()).isTrue();
            lake.stop();
            assertThat(inContainers()).isZero();
        } finally {
            job.kill();
            lake.start();
        }
        run("yarn", date);
    }

    /** How many processes run in folders of the node's containers. */
    private static long inContainers() {
        String folder = STATE.resolve("data/nodemanager-1/containers") + "/";
        return ProcessHandle.allProcesses()
                .filter(process -> commandLine(process).contains(folder))
                .count();
    }

    /** The whole of it, of which the JDK gives the beginning; nothing of a process that has ended. */
    private static String commandLine(ProcessHandle process) {
        try {
            return new String(
                    Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline")),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Spark's own Kubernetes client, on an API that is not Kubernetes' and on processes in the place of pods. */
    @Test
    void podsAreSuchThatKubernetesTakesThemAndDoTheWork() throws Exception {
        try (KubernetesApi kubernetes = KubernetesApi.start();
                PodProcesses pods =
                        PodProcesses.of(kubernetes, lake.spark(), Files.createTempDirectory(STATE, "pods"))) {
            submit(
                    "k8s://" + kubernetes.url(),
                    Stage.FIRST.plusDays(2),
                    "--image",
                    "registry.example.com/spark:3.5.7",
                    "--namespace",
                    "data",
                    "--service-account",
                    "igarape-jobs");
            assertThat(KubernetesSchemas.faults(kubernetes.created(), Files.createTempDirectory(STATE, "sent")))
                    .isEmpty();
            List<JsonNode> created = kubernetes.created("Pod");
            assertThat(created)
                    .extracting(pod -> pod.at("/metadata/labels/spark-role").asText())
                    .containsExactly("driver", "executor");
            assertThat(created).allSatisfy(pod -> {
                assertThat(pod.at("/spec/serviceAccountName").asText()).isEqualTo("igarape-jobs");
                assertThat(pod.at("/spec/containers/0/image").asText()).isEqualTo("registry.example.com/spark:3.5.7");
                assertThat(pods.started()).contains(pod.at("/metadata/name").asText());
            });
            // The heap, and what Spark gives a JVM besides.
            assertThat(created.get(1)
                            .at("/spec/containers/0/resources/limits/memory")
                            .asText())
                    .isEqualTo("1024Mi");
            assertThat(pods.log(created.get(0).at("/metadata/name").asText()))
                    .contains("\"table\":\"" + Stage.RAW + "\"", "\"table\":\"" + Stage.DAILY + "\"", "committed");
        }
    }

    /**
     * Sends marks of a date, submits both tables and compares all that was built; gives what the commands printed.
     *
     * @param more options of {@code ./lake submit}
     */
    private static String submit(String master, LocalDate date, String... more) throws Exception {
        send(date);
        return run(master, date, more);
    }

    private static void send(LocalDate date) throws Exception {
        SENT.add(date);
        marks.send(date, MARKS);
    }

    private static String commands(String master, LocalDate date, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of(
                "submit",
                Stage.RAW,
                Stage.DAILY,
                "--date",
                date.toString(),
                "--master",
                master,
                "--executors",
                "1",
                "--memory",
                "640m"));
        words.addAll(List.of(more));
        String commands = lake.run(words.toArray(String[]::new)).succeeded().out();
        assertThat(commands.substring(commands.indexOf("spark-submit")))
                .as("what is submitted names nothing on this machine's disk")
                .doesNotContain(HOME.toString())
                .contains(lake.target().hdfs() + "/igarape/jobs.jar");
        return commands;
    }

    private static String run(String master, LocalDate date, String... more) throws Exception {
        RunningJob job = gateway.run(commands(master, date, more));
        assertThat(job.finish()).as(job.log()).isEqualTo(0);
        assertBuilt();
        return job.log();
    }

    private static void assertBuilt() throws IOException, SQLException {
        assertThat(Audit.of(lake, Stage.RAW, "value.", marks.acknowledged(date -> true)))
                .matches(Audit::isClean);
        assertThat(Audit.of(lake, Stage.DAILY, "", marks.acknowledged(date -> true)))
                .matches(Audit::isClean);
    }

    /** The folders of logs of the containers that ran on the node. */
    private static List<Path> containers() throws IOException {
        try (Stream<Path> files = Files.find(
                STATE.resolve("data/nodemanager-1/containers"),
                2,
                (file, attributes) -> attributes.isDirectory()
                        && file.getFileName().toString().startsWith("container_"))) {
            return files.sorted().toList();
        }
    }

    /** What the executors of the standalone cluster have logged. */
    private static List<String> executors() throws IOException {
        Path work = STATE.resolve("data/spark-worker-1/work");
        if (Files.notExists(work)) {
            return List.of();
        }
        try (Stream<Path> files = Files.find(work, 3, (file, attributes) -> file.endsWith("stderr"))) {
            return files.map(SubmitIT::read).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
