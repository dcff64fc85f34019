package dev.igarape.cli.stack.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A node of Spark's standalone cluster: the master, or a worker. Workers are on loopback addresses of their own, since Spark
 * gives a task that dawdles a second attempt only on another host.
 */
public final class SparkNode implements Server {
    /** Of the group of nodes. */
    public static final String NAME = "spark";

    /** Environment of Spark's own servers. */
    static final Map<String, String> DAEMON = Map.of(
            "SPARK_DAEMON_MEMORY", "192m",
            "SPARK_DAEMON_JAVA_OPTS", "-Xss512k -XX:+UseSerialGC -XX:TieredStopAtLevel=1");

    /** What a worker gives to executors: room for those of two applications at a time. */
    private static final int CORES = 2;

    private static final String MEMORY = "1280m";
    private static final String MASTER = "spark-master";
    private static final String WORKER = "spark-worker";

    private final StackContext context;
    /** 0: the master. */
    private final int worker;

    private SparkNode(StackContext context, int worker) {
        this.context = context;
        this.worker = worker;
    }

    /** The servers of a stack's profile; none where tasks run in the driver. */
    public static List<Server> of(StackContext context) {
        return context.profile().isCluster()
                ? IntStream.rangeClosed(0, context.profile().sparkWorkers())
                        .<Server>mapToObj(worker -> new SparkNode(context, worker))
                        .toList()
                : List.of();
    }

    /** The master that drivers are given. */
    public static String master(Profile profile, Ports ports) {
        return profile.isCluster() ? "spark://" + Probe.HOST + ":" + ports.of(Port.SPARK_MASTER) : "local[2]";
    }

    @Override
    public String name() {
        return worker == 0 ? MASTER : WORKER + "-" + worker;
    }

    @Override
    public String group() {
        return NAME;
    }

    @Override
    public Set<String> dependencies() {
        return worker == 0 ? Set.of() : Set.of(MASTER);
    }

    @Override
    public void install() {
        spark();
    }

    private Spark spark() {
        return Spark.install(context.workspace(), context.installer());
    }

    private String host() {
        return worker == 0 ? Probe.HOST : "127.0.0." + worker;
    }

    private int httpPort() {
        return worker == 0
                ? context.ports().of(Port.SPARK_MASTER_HTTP)
                : context.ports().of(Port.SPARK_WORKER_HTTP, worker);
    }

    @Override
    public Daemon.Launch launch() {
        Spark spark = spark();
        Path data = context.workspace().data(name());
        List<String> command = new ArrayList<>(List.of(
                spark.home().resolve("bin/spark-class").toString(),
                "org.apache.spark.deploy." + (worker == 0 ? "master.Master" : "worker.Worker"),
                "--host",
                host(),
                "--webui-port",
                Integer.toString(httpPort())));
        if (worker == 0) {
            command.addAll(List.of("--port", Integer.toString(context.ports().of(Port.SPARK_MASTER))));
        } else {
            command.addAll(List.of(
                    "--cores",
                    Integer.toString(CORES),
                    "--memory",
                    MEMORY,
                    "--work-dir",
                    data.resolve("work").toString(),
                    master(context.profile(), context.ports())));
        }
        return new Daemon.Launch(
                command, variables(spark), data, context.workspace().log(name()));
    }

    private Map<String, String> variables(Spark spark) {
        Map<String, String> variables = new HashMap<>(spark.environment());
        variables.putAll(DAEMON);
        variables.put("SPARK_LOCAL_IP", host());
        // Not the drivers' folder: a server and its executors say in their own logs what they do.
        variables.put("SPARK_CONF_DIR", conf().toString());
        variables.put(
                "SPARK_WORKER_OPTS",
                "-Dspark.port.maxRetries=0 -Dspark.worker.cleanup.enabled=true -Dspark.worker.cleanup.interval=300"
                        + " -Dspark.worker.cleanup.appDataTtl=3600");
        variables.put(
                "SPARK_MASTER_OPTS",
                "-Dspark.port.maxRetries=0 -Dspark.deploy.recoveryMode=FILESYSTEM -Dspark.deploy.recoveryDirectory="
                        + context.workspace().data(name()).resolve("recovery"));
        return variables;
    }

    private Path conf() {
        return context.workspace().conf().resolve(name());
    }

    @Override
    public void prepare() {
        try {
            Files.createDirectories(conf());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Path> configuration() {
        return List.of(context.workspace().conf().resolve("hadoop"));
    }

    /** The master answers; of a worker, it says that it has it. */
    @Override
    public boolean ready() {
        Optional<JsonNode> state =
                Probe.get(context.ports().of(Port.SPARK_MASTER_HTTP), "/json/").flatMap(SparkNode::parse);
        return worker == 0
                ? state.filter(found -> found.path("status").asText().equals("ALIVE"))
                        .isPresent()
                : state.filter(this::isRegistered).isPresent();
    }

    private static Optional<JsonNode> parse(String body) {
        try {
            return Optional.of(Json.mapper().readTree(body));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    private boolean isRegistered(JsonNode master) {
        return StreamSupport.stream(master.path("workers").spliterator(), false)
                .anyMatch(known -> known.path("state").asText().equals("ALIVE")
                        && known.path("webuiaddress").asText().equals(address()));
    }

    private String address() {
        return "http://" + host() + ":" + httpPort();
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of(worker == 0 ? "Spark master" : "Spark worker", address());
    }
}
