package dev.igarape.cli.stack.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.model.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A node of YARN: the ResourceManager, or a NodeManager, in whose containers drivers and executors run that are submitted to
 * it. What a container needs comes from HDFS; no jars of Spark or of ours are installed on a node.
 */
public final class Yarn implements Server {
    /** Of the group of nodes. */
    public static final String NAME = "yarn";

    private static final String RESOURCE_MANAGER = "resourcemanager";
    private static final String NODE_MANAGER = "nodemanager";

    private final StackContext context;
    /** 0: the ResourceManager. */
    private final int node;

    private Yarn(StackContext context, int node) {
        this.context = context;
        this.node = node;
    }

    /** The servers of a stack's profile; none where it has no NodeManager. */
    public static List<Server> of(StackContext context) {
        int nodes = context.profile().nodeManagers();
        return nodes == 0
                ? List.of()
                : IntStream.rangeClosed(0, nodes)
                        .<Server>mapToObj(node -> new Yarn(context, node))
                        .toList();
    }

    /** Writes the file that clients of YARN read, too. */
    public static void writeSite(StackContext context, Path folder, Map<String, String> values) {
        ConfigTemplate.fill(context.file("cli/servers/yarn/yarn-site.xml"), folder.resolve("yarn-site.xml"), values);
    }

    @Override
    public String name() {
        return node == 0 ? RESOURCE_MANAGER : NODE_MANAGER + "-" + node;
    }

    @Override
    public String group() {
        return NAME;
    }

    @Override
    public Set<String> dependencies() {
        return node == 0 ? Set.of() : Set.of(RESOURCE_MANAGER);
    }

    @Override
    public void install() {
        jars();
    }

    private Path jars() {
        return context.installer().jars(NAME, false).resolve("lib");
    }

    private Path conf() {
        return context.workspace().conf().resolve(name());
    }

    @Override
    public Daemon.Launch launch() {
        Map<String, String> values = context.values(name());
        if (node > 0) {
            for (Port port : List.of(Port.NODEMANAGER, Port.NODEMANAGER_LOCALIZER, Port.NODEMANAGER_HTTP)) {
                values.put(
                        port.name() + "_PORT", Integer.toString(context.ports().of(port, node)));
            }
        }
        HadoopSites.write(context, conf(), values);
        writeSite(context, conf(), values);
        for (String file : List.of("capacity-scheduler.xml", "log4j.properties")) {
            ConfigTemplate.fill(context.file("cli/servers/yarn").resolve(file), conf().resolve(file), values);
        }
        List<String> command = HadoopJvm.command("256m");
        command.addAll(List.of(
                "-cp",
                conf() + ":" + jars() + "/*",
                "org.apache.hadoop.yarn.server."
                        + (node == 0 ? "resourcemanager.ResourceManager" : "nodemanager.NodeManager")));
        Map<String, String> variables =
                Map.of("JAVA_HOME", Jdk.current().home().toString(), "SPARK_LOCAL_IP", Probe.HOST);
        return new Daemon.Launch(
                command,
                variables,
                context.workspace().data(name()),
                context.workspace().log(name()));
    }

    @Override
    public List<Path> configuration() {
        return List.of(conf());
    }

    /** The ResourceManager answers; of a NodeManager, it says that it has it. */
    @Override
    public boolean ready() {
        int http = context.ports().of(Port.YARN_HTTP);
        if (node == 0) {
            return Probe.get(http, "/ws/v1/cluster/info")
                    .filter(body -> body.contains("\"STARTED\""))
                    .isPresent();
        }
        return Probe.get(http, "/ws/v1/cluster/nodes").filter(this::isAmong).isPresent();
    }

    private boolean isAmong(String nodes) {
        try {
            JsonNode list = Json.mapper().readTree(nodes).path("nodes").path("node");
            String end = ":" + context.ports().of(Port.NODEMANAGER_HTTP, node);
            return StreamSupport.stream(list.spliterator(), false)
                    .anyMatch(known -> known.path("state").asText().equals("RUNNING")
                            && known.path("nodeHTTPAddress").asText().endsWith(end));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    @Override
    public Map<String, String> addresses() {
        return node == 0
                ? Map.of("YARN", "http://" + Probe.HOST + ":" + context.ports().of(Port.YARN_HTTP))
                : Map.of(
                        "YARN node",
                        "http://" + Probe.HOST + ":" + context.ports().of(Port.NODEMANAGER_HTTP, node));
    }
}
