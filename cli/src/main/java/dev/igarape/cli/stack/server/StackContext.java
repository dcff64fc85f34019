package dev.igarape.cli.stack.server;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.stack.config.Credentials;
import dev.igarape.cli.stack.config.NodePort;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The context of the servers: folders, profile, ports, credentials and installer. */
public record StackContext(
        Workspace workspace, Profile profile, Ports ports, Credentials credentials, Installer installer) {

    /** The values for {@code ${NAME}}s in configuration files that all servers share; ports are those of first nodes. */
    public Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        for (NodePort port : profile.ports()) {
            if (port.node() == 1) {
                values.put(port.port().name() + "_PORT", Integer.toString(ports.of(port.port())));
            }
        }
        for (String host :
                List.of("HDFS", "DATANODE", "METASTORE", "KAFKA", "REGISTRY", "TRINO", "POSTGRES", "CONNECT", "YARN")) {
            values.put(host + "_HOST", Probe.HOST);
        }
        values.put("HDFS_URI", NameService.uri(profile, ports));
        values.put("HDFS_USER", System.getProperty("user.name"));
        values.put("HDFS_REPLICAS", Integer.toString(profile.replicasOfBlocks()));
        values.put("KAFKA_BOOTSTRAP", Kafka.bootstrap(profile, ports));
        values.put("KAFKA_REPLICAS", Integer.toString(profile.replicasOfTopics()));
        values.put("KAFKA_REPLICAS_IN_SYNC", Integer.toString(profile.replicasInSync()));
        values.put("TRINO_COORDINATOR_WORKS", Boolean.toString(profile.trinoWorkers() == 0));
        values.put("CONF_DIR", workspace.conf().toString());
        values.put("LOG_DIR", workspace.log("x").getParent().toString());
        return values;
    }

    /** The values for one server's configuration. */
    public Map<String, String> values(String server) {
        Map<String, String> values = values();
        values.put("DATA_DIR", workspace.data(server).toString());
        return values;
    }

    /** A file of the checkout. */
    public Path file(String path) {
        return workspace.home().resolve(path);
    }
}
