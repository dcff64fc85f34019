package dev.igarape.cli.stack.server;

import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * HDFS by a name of its own instead of a NameNode's address, where a stack has two NameNodes: what they log goes to three
 * JournalNodes, and controllers in the NameNodes' processes elect the active one in ZooKeeper.
 *
 * @see <a href="https://hadoop.apache.org/docs/r3.4.2/hadoop-project-dist/hadoop-hdfs/HDFSHighAvailabilityWithQJM.html">HDFS
 *     High Availability Using the Quorum Journal Manager</a>
 */
public final class NameService {
    private static final String NAME = "lake";
    /** How long a NameNode that says nothing stays the active one. */
    private static final String SESSION_MILLIS = "10000";

    private NameService() {}

    /** The file system's URI. */
    public static String uri(Profile profile, Ports ports) {
        return "hdfs://" + (profile.hasStandby() ? NAME : address(ports, Port.HDFS, 1));
    }

    /** Hosts and ports of the NameNodes' web servers, which serve WebHDFS, too; while one stands by it refuses. */
    static List<String> webAddresses(Profile profile, Ports ports) {
        return IntStream.rangeClosed(1, profile.nameNodes())
                .mapToObj(node -> address(ports, Port.HDFS_HTTP, node))
                .toList();
    }

    /** Address of the active NameNode's web server; where none says that it is active, of the first one's. */
    public static String web(Profile profile, Ports ports) {
        int active = IntStream.rangeClosed(1, profile.nameNodes())
                .filter(node -> isActive(ports.of(Port.HDFS_HTTP, node)))
                .findFirst()
                .orElse(1);
        return "http://" + address(ports, Port.HDFS_HTTP, active);
    }

    private static boolean isActive(int port) {
        return Probe.get(port, "/jmx?qry=Hadoop:service=NameNode,name=NameNodeStatus")
                .filter(bean -> bean.contains("\"active\""))
                .isPresent();
    }

    /** What clients need to know of the NameNodes; nothing where there is one, whose address the URI has. */
    public static Map<String, String> ofClients(Profile profile, Ports ports) {
        Map<String, String> settings = new TreeMap<>();
        if (profile.hasStandby()) {
            settings.put("dfs.nameservices", NAME);
            settings.put(
                    "dfs.ha.namenodes." + NAME,
                    IntStream.rangeClosed(1, profile.nameNodes())
                            .mapToObj(NameService::id)
                            .collect(Collectors.joining(",")));
            for (int node = 1; node <= profile.nameNodes(); node++) {
                settings.put(of("dfs.namenode.rpc-address", node), address(ports, Port.HDFS, node));
                settings.put(of("dfs.namenode.http-address", node), address(ports, Port.HDFS_HTTP, node));
            }
            settings.put(
                    "dfs.client.failover.proxy.provider." + NAME,
                    "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider");
        }
        return settings;
    }

    /** What its servers need to know besides. */
    static Map<String, String> ofServers(Profile profile, Ports ports) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(
                "dfs.namenode.shared.edits.dir",
                IntStream.rangeClosed(1, profile.journalNodes())
                        .mapToObj(node -> address(ports, Port.JOURNALNODE, node))
                        .collect(Collectors.joining(";", "qjournal://", "/" + NAME)));
        settings.put("dfs.ha.automatic-failover.enabled", "true");
        for (int node = 1; node <= profile.nameNodes(); node++) {
            settings.put(of("dfs.ha.zkfc.port", node), Integer.toString(ports.of(Port.FAILOVER_CONTROLLER, node)));
        }
        settings.put("ha.zookeeper.quorum", address(ports, Port.ZOOKEEPER, 1));
        settings.put("ha.zookeeper.session-timeout.ms", SESSION_MILLIS);
        // One that has just started knows of a block that was deleted since only when the journals' segment is closed
        // and read,
        // and waits for that block before it could take over: by default up to three minutes.
        settings.put("dfs.ha.log-roll.period", "10s");
        settings.put("dfs.ha.tail-edits.period", "2s");
        // JournalNodes take edits of the newest active NameNode alone: there is nothing to keep a former one from.
        settings.put("dfs.ha.fencing.methods", "shell(/bin/true)");
        return settings;
    }

    /** What a NameNode is called among the others. */
    static String id(int node) {
        return "nn" + node;
    }

    private static String of(String setting, int node) {
        return setting + "." + NAME + "." + id(node);
    }

    private static String address(Ports ports, Port port, int node) {
        return Probe.HOST + ":" + ports.of(port, node);
    }
}
