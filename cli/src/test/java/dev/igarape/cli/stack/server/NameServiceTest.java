package dev.igarape.cli.stack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NameServiceTest {
    private static final Profile TWO = Profile.CLUSTER.with(Map.of("namenode", 2));

    @TempDir
    private Path folder;

    private Ports ports(Profile profile) {
        Ports ports = Ports.load(folder.resolve("ports.json"));
        ports.choose(profile.ports(), Set.of(), line -> {});
        return ports;
    }

    @Test
    void oneNameNodeIsCalledByItsAddress() {
        Ports ports = ports(Profile.CLUSTER);
        assertThat(NameService.uri(Profile.CLUSTER, ports)).isEqualTo("hdfs://127.0.0.1:" + ports.of(Port.HDFS));
        assertThat(NameService.ofClients(Profile.CLUSTER, ports)).isEmpty();
    }

    @Test
    void theActiveNameNodeServesWebHdfs() throws IOException {
        Ports ports = ports(TWO);
        String first = "127.0.0.1:" + ports.of(Port.HDFS_HTTP);
        String second = "127.0.0.1:" + ports.of(Port.HDFS_HTTP, 2);
        assertThat(NameService.webAddresses(TWO, ports)).containsExactly(first, second);
        assertThat(NameService.web(TWO, ports)).as("nobody is there").isEqualTo("http://" + first);
        HttpServer standby = nameNode(ports.of(Port.HDFS_HTTP), "standby");
        HttpServer active = nameNode(ports.of(Port.HDFS_HTTP, 2), "active");
        try {
            assertThat(NameService.web(TWO, ports)).isEqualTo("http://" + second);
        } finally {
            standby.stop(0);
            active.stop(0);
        }
    }

    private static HttpServer nameNode(int port, String state) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/jmx", exchange -> {
            byte[] bean =
                    "{\"beans\" : [ { \"State\" : \"%s\" } ]}".formatted(state).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bean.length);
            exchange.getResponseBody().write(bean);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void twoNameNodesAreCalledByAName() {
        Ports ports = ports(TWO);
        assertThat(NameService.uri(TWO, ports)).isEqualTo("hdfs://lake");
        assertThat(NameService.ofClients(TWO, ports))
                .containsEntry("dfs.nameservices", "lake")
                .containsEntry("dfs.ha.namenodes.lake", "nn1,nn2")
                .containsEntry("dfs.namenode.rpc-address.lake.nn1", "127.0.0.1:" + ports.of(Port.HDFS))
                .containsEntry("dfs.namenode.rpc-address.lake.nn2", "127.0.0.1:" + ports.of(Port.HDFS, 2))
                .containsEntry("dfs.namenode.http-address.lake.nn2", "127.0.0.1:" + ports.of(Port.HDFS_HTTP, 2))
                .containsKey("dfs.client.failover.proxy.provider.lake");
        assertThat(NameService.ofServers(TWO, ports))
                .containsEntry(
                        "dfs.namenode.shared.edits.dir",
                        "qjournal://127.0.0.1:%d;127.0.0.1:%d;127.0.0.1:%d/lake"
                                .formatted(
                                        ports.of(Port.JOURNALNODE),
                                        ports.of(Port.JOURNALNODE, 2),
                                        ports.of(Port.JOURNALNODE, 3)))
                .containsEntry("dfs.ha.zkfc.port.lake.nn2", Integer.toString(ports.of(Port.FAILOVER_CONTROLLER, 2)));
    }
}
