package dev.igarape.cli.stack.server;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.stack.config.Credentials;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.Ports;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The context of the servers: folders, ports, credentials and installer. */
public record StackContext(Workspace workspace, Ports ports, Credentials credentials, Installer installer) {

    /** The values for {@code ${NAME}}s in configuration files that all servers share. */
    public Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        for (Port port : Port.values()) {
            values.put(port.name() + "_PORT", Integer.toString(ports.of(port)));
        }
        for (String host :
                new String[] {"HDFS", "DATANODE", "METASTORE", "KAFKA", "REGISTRY", "TRINO", "POSTGRES", "CONNECT"}) {
            values.put(host + "_HOST", Probe.HOST);
        }
        values.put("HDFS_USER", System.getProperty("user.name"));
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
