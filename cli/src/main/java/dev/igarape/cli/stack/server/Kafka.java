package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** A Kafka broker. The first one is the controller, too. */
public final class Kafka implements Server {
    /** Of the one broker and of the group of nodes. The first node goes on with the one broker's data. */
    public static final String NAME = "kafka";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final StackContext context;
    private final int node;

    private Kafka(StackContext context, int node) {
        this.context = context;
        this.node = node;
    }

    /** The servers of a stack's profile. */
    public static List<Server> of(StackContext context) {
        return IntStream.rangeClosed(1, context.profile().brokers())
                .<Server>mapToObj(node -> new Kafka(context, node))
                .toList();
    }

    /** The addresses of all brokers, as clients want them. */
    public static String bootstrap(Profile profile, Ports ports) {
        return IntStream.rangeClosed(1, profile.brokers())
                .mapToObj(node -> Probe.HOST + ":" + ports.of(Port.KAFKA, node))
                .collect(Collectors.joining(","));
    }

    /** Gives every topic as many replicas as the stack's profile wants, where it has fewer; all brokers must run. */
    public static void replicate(StackContext context) {
        Profile profile = context.profile();
        TopicReplicas.raise(bootstrap(profile, context.ports()), profile.replicasOfTopics(), profile.replicasInSync());
    }

    @Override
    public String name() {
        return context.profile().isCluster() ? NAME + "-" + node : NAME;
    }

    @Override
    public String group() {
        return NAME;
    }

    /** The first one is the controller, and made the cluster that the others join. */
    @Override
    public Set<String> dependencies() {
        return node == 1 ? Set.of() : Set.of(NAME + "-1");
    }

    @Override
    public void install() {
        jars();
    }

    private Path jars() {
        return context.installer().jars(NAME, false).resolve("lib");
    }

    private Path properties() {
        return context.workspace().conf().resolve(name()).resolve("server.properties");
    }

    private Path data() {
        return context.workspace().data(node == 1 ? NAME : name());
    }

    @Override
    public Daemon.Launch launch() {
        Map<String, String> values = context.values();
        values.put("DATA_DIR", data().toString());
        values.put("KAFKA_NODE", Integer.toString(node));
        values.put("KAFKA_ROLES", node == 1 ? "broker,controller" : "broker");
        values.put("KAFKA_ADDRESS", address());
        String controller = Probe.HOST + ":" + context.ports().of(Port.KAFKA_CONTROLLER);
        values.put("KAFKA_LISTENERS", "PLAINTEXT://" + address() + (node == 1 ? ",CONTROLLER://" + controller : ""));
        ConfigTemplate.fill(context.file("cli/servers/kafka/server.properties"), properties(), values);
        return new Daemon.Launch(
                List.of(
                        Jdk.current().java(),
                        "-Xms128m",
                        context.profile().isCluster() ? "-Xmx320m" : "-Xmx512m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss,SSS",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
                        "-cp",
                        jars() + "/*",
                        "kafka.Kafka",
                        properties().toString()),
                Map.of(),
                data(),
                context.workspace().log(name()));
    }

    @Override
    public void prepare() {
        if (Files.exists(metadata(data()))) {
            return;
        }
        ExternalCommand.of(
                        Jdk.current().java(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        jars() + "/*",
                        "kafka.tools.StorageTool",
                        "format",
                        "--ignore-formatted",
                        "-t",
                        node == 1 ? Uuid.randomUuid().toString() : clusterId(),
                        "-c",
                        properties().toString())
                .run(
                        context.workspace().state(),
                        context.workspace().log(name()),
                        "format Kafka's data folder",
                        "Is there room on the disk?");
    }

    private static Path metadata(Path data) {
        return data.resolve("log/meta.properties");
    }

    /** What the first node was formatted with. */
    private String clusterId() {
        Properties properties = new Properties();
        try (Reader reader =
                Files.newBufferedReader(metadata(context.workspace().data(NAME)))) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("cluster.id");
    }

    @Override
    public List<Path> configuration() {
        return List.of(context.workspace().conf().resolve(name()));
    }

    /** The controller has let it in. */
    @Override
    public boolean ready() {
        if (!Probe.listens(context.ports().of(Port.KAFKA, node))) {
            return false;
        }
        try (Admin admin = admin(address())) {
            return admin.describeCluster().nodes().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS).stream()
                    .anyMatch(known -> known.id() == node);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Admin admin(String bootstrap) {
        String timeout = Long.toString(TIMEOUT.toMillis());
        return Admin.create(Map.of(
                "bootstrap.servers", bootstrap, "request.timeout.ms", timeout, "default.api.timeout.ms", timeout));
    }

    private String address() {
        return Probe.HOST + ":" + context.ports().of(Port.KAFKA, node);
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("Kafka", address());
    }
}
