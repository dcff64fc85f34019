package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.DownloadCache;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** HDFS and the Hive Metastore: in one JVM, or, on a cluster, each of their nodes in one of its own. */
public final class Storage implements Server {
    /** Of the one server and of the group of nodes. The first nodes of each kind go on with the one server's data. */
    public static final String NAME = "storage";

    private final StackContext context;
    private final Part part;
    private final int node;

    private Storage(StackContext context, Part part, int node) {
        this.context = context;
        this.part = part;
        this.node = node;
    }

    /** What runs in the JVM of a node. */
    private enum Part {
        ALL(NAME, "512m"),
        ZOOKEEPER("zookeeper", "64m"),
        JOURNALNODE("journalnode", "96m"),
        NAMENODE("namenode", "256m"),
        DATANODE("datanode", "160m"),
        METASTORE("metastore", "320m");

        private final String argument;
        private final String heap;

        Part(String argument, String heap) {
            this.argument = argument;
            this.heap = heap;
        }
    }

    /** The servers of a stack's profile. */
    public static List<Server> of(StackContext context) {
        if (!context.profile().isCluster()) {
            return List.of(new Storage(context, Part.ALL, 1));
        }
        return Stream.of(
                        nodes(context, Part.ZOOKEEPER, context.profile().hasStandby() ? 1 : 0),
                        nodes(context, Part.JOURNALNODE, context.profile().journalNodes()),
                        nodes(context, Part.NAMENODE, context.profile().nameNodes()),
                        nodes(context, Part.DATANODE, context.profile().dataNodes()),
                        nodes(context, Part.METASTORE, 1))
                .flatMap(nodes -> nodes)
                .toList();
    }

    private static Stream<Server> nodes(StackContext context, Part part, int number) {
        return IntStream.rangeClosed(1, number).mapToObj(node -> new Storage(context, part, node));
    }

    /** Gives every file as many replicas as the stack's profile wants, where it has fewer; all DataNodes must run. */
    public static void replicate(StackContext context) {
        Storage metastore = new Storage(context, Part.METASTORE, 1);
        ExternalCommand.of(metastore.command(List.of("replicate")))
                .run(
                        context.workspace().state(),
                        context.workspace().log("replicate"),
                        "replicate the files on HDFS",
                        "Run ./lake up again: it goes on where this ended.");
    }

    @Override
    public String name() {
        boolean numbered = part == Part.DATANODE || part == Part.JOURNALNODE || node > 1;
        return numbered ? part.argument + "-" + node : part.argument;
    }

    @Override
    public String group() {
        return NAME;
    }

    /**
     * A DataNode asks the NameNode for its place until it has one; the metastore waits for HDFS to be writable. A NameNode that
     * stands by has its first state from the first one; both want their journals.
     */
    @Override
    public Set<String> dependencies() {
        return switch (part) {
            case ALL, ZOOKEEPER, JOURNALNODE -> Set.of();
            case NAMENODE -> node > 1 ? Set.of(Part.NAMENODE.argument) : journals();
            case DATANODE, METASTORE -> Set.of(Part.NAMENODE.argument);
        };
    }

    private Set<String> journals() {
        return Stream.concat(
                        nodes(context, Part.ZOOKEEPER, context.profile().hasStandby() ? 1 : 0),
                        nodes(context, Part.JOURNALNODE, context.profile().journalNodes()))
                .map(Server::name)
                .collect(Collectors.toSet());
    }

    @Override
    public void install() {
        jars();
    }

    private Path jars() {
        return context.installer().jars(NAME, true).resolve("lib");
    }

    private Path conf() {
        return context.workspace().conf().resolve(name());
    }

    /** The folder of its data: the one server's, but for nodes that this has none of. */
    private Path data() {
        return context.workspace().data(node == 1 ? NAME : name());
    }

    @Override
    public Daemon.Launch launch() {
        Map<String, String> values = context.values(NAME);
        values.put("DATA_DIR", data().toString());
        values.put("METASTORE_JDBC_URL", "jdbc:derby:;databaseName=" + data().resolve("metastore_db") + ";create=true");
        if (part == Part.DATANODE) {
            for (Port port : List.of(Port.DATANODE, Port.DATANODE_HTTP, Port.DATANODE_IPC)) {
                values.put(
                        port.name() + "_PORT", Integer.toString(context.ports().of(port, node)));
            }
        }
        HadoopSites.write(context, conf(), values, settings());
        ConfigTemplate.fill(context.file("hive/hive-site.xml"), conf().resolve("hive-site.xml"), values);
        try {
            // Hadoop's web servers refuse to start without these folders on the classpath, empty as they may be.
            Files.createDirectories(conf().resolve("webapps/hdfs"));
            Files.createDirectories(conf().resolve("webapps/datanode"));
            Files.createDirectories(conf().resolve("webapps/journal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Daemon.Launch(
                command(part == Part.ALL ? List.of() : List.of(part.argument)),
                Map.of(),
                data(),
                context.workspace().log(name()));
    }

    /** What servers of a nameservice need to know: of each other, and which one this is; nothing where there is none. */
    private Map<String, String> settings() {
        if (!context.profile().hasStandby()) {
            return Map.of();
        }
        Map<String, String> settings = NameService.ofServers(context.profile(), context.ports());
        switch (part) {
            case NAMENODE -> settings.put("dfs.ha.namenode.id", NameService.id(node));
            case JOURNALNODE -> {
                settings.put(
                        "dfs.journalnode.edits.dir", data().resolve("journal").toString());
                settings.put("dfs.journalnode.rpc-address", address(Port.JOURNALNODE));
                settings.put("dfs.journalnode.http-address", address(Port.JOURNALNODE_HTTP));
            }
            case ZOOKEEPER ->
                settings.put(
                        "igarape.zookeeper.dir", data().resolve("zookeeper").toString());
            case METASTORE -> {
                // 14 to 21 seconds. A job waits 25 for a call, and has its lease for 30: after the two minutes that
                // clients
                // take by default, the call would change a table that is another job's by then.
                settings.put("dfs.client.failover.max.attempts", "18");
                settings.put("dfs.client.failover.sleep.base.millis", "500");
                settings.put("dfs.client.failover.sleep.max.millis", "1000");
            }
            case ALL, DATANODE -> {
                // They are told where they are without a nameservice, too.
            }
        }
        return settings;
    }

    private String address(Port port) {
        return Probe.HOST + ":" + context.ports().of(port, node);
    }

    private List<String> command(List<String> arguments) {
        List<String> command = HadoopJvm.command(part.heap);
        command.addAll(List.of(
                "-Dderby.stream.error.file=" + data().resolve("derby.log"),
                "-Dderby.storage.pageCacheSize=2000",
                "-cp",
                conf() + ":" + jars() + "/*",
                "dev.igarape.cli.stack.storage.StorageServer"));
        command.addAll(arguments);
        return command;
    }

    /** Deletes a metastore's database whose creation was interrupted, since Derby would refuse it. */
    @Override
    public void prepare() {
        Path database = data().resolve("metastore_db");
        if (isMetastore() && Files.exists(database) && !Files.exists(database.resolve("service.properties"))) {
            DownloadCache.delete(database);
        }
    }

    private boolean isMetastore() {
        return part == Part.ALL || part == Part.METASTORE;
    }

    @Override
    public List<Path> configuration() {
        return List.of(conf());
    }

    /** Of the one server, the metastore's port opens last, when HDFS is writable. */
    @Override
    public boolean ready() {
        return switch (part) {
            case ALL, METASTORE -> Probe.listens(context.ports().of(Port.METASTORE));
            case ZOOKEEPER -> Probe.listens(context.ports().of(Port.ZOOKEEPER));
            case JOURNALNODE -> Probe.listens(context.ports().of(Port.JOURNALNODE, node));
            case NAMENODE -> Probe.listens(context.ports().of(Port.HDFS, node));
            case DATANODE ->
                Probe.get(
                                context.ports().of(Port.DATANODE_HTTP, node),
                                "/jmx?qry=Hadoop:service=DataNode,name=DataNodeInfo")
                        .filter(beans -> beans.contains("RUNNING"))
                        .isPresent();
        };
    }

    @Override
    public Map<String, String> addresses() {
        Map<String, String> addresses = new TreeMap<>();
        if (part == Part.ALL || part == Part.NAMENODE) {
            addresses.put("HDFS", NameService.uri(context.profile(), context.ports()));
            addresses.put("HDFS in the browser", "http://" + address(Port.HDFS_HTTP));
        }
        if (part == Part.DATANODE) {
            addresses.put(
                    "DataNode", "http://" + Probe.HOST + ":" + context.ports().of(Port.DATANODE_HTTP, node));
        }
        if (isMetastore()) {
            addresses.put(
                    "Hive Metastore",
                    "thrift://" + Probe.HOST + ":" + context.ports().of(Port.METASTORE));
        }
        return addresses;
    }
}
