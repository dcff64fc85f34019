package dev.igarape.cli.stack.storage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.net.NetUtils;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/**
 * ZooKeeper as one server, at {@code ha.zookeeper.quorum}, with its data in {@code igarape.zookeeper.dir}: what elects the
 * active NameNode. Its own {@code main} listens on every address of the machine.
 */
final class Elections {
    /** Sessions may be as short as two ticks. */
    private static final int TICK_MILLIS = 1000;

    private static final int MOST_CONNECTIONS = 100;

    private Elections() {}

    /** Starts the server; returns what stops it. */
    static Runnable serve(Configuration configuration) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of(configuration.get("igarape.zookeeper.dir")));
        InetSocketAddress address = NetUtils.createSocketAddr(configuration.get("ha.zookeeper.quorum"));
        ServerCnxnFactory connections = ServerCnxnFactory.createFactory();
        connections.configure(address, MOST_CONNECTIONS);
        connections.startup(new ZooKeeperServer(folder.toFile(), folder.toFile(), TICK_MILLIS));
        return connections::shutdown;
    }
}
