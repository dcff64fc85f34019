package dev.igarape.cli.stack.storage;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.DatanodeReportType;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HDFS (one NameNode, one DataNode) and the Hive Metastore, configured by {@code core-site.xml}, {@code hdfs-site.xml} and
 * {@code hive-site.xml} on the classpath: all in one JVM, or, by their names as arguments, some of them. The metastore's
 * port opens last: who can connect to it finds HDFS writable.
 */
public final class StorageServer {
    private static final Logger LOG = LoggerFactory.getLogger(StorageServer.class);
    private static final List<String> FOLDERS = List.of("/lake", "/spark-events", "/tmp", "/user/hive/warehouse");

    private StorageServer() {}

    /**
     * Serves until the process is told to stop.
     *
     * @param arguments of {@code namenode}, {@code datanode}, {@code metastore}; without any: all of them. Or {@code
     *     replicate}, which serves nothing, and ends when every file has as many replicas as {@code dfs.replication} says
     */
    public static void main(String[] arguments) throws Exception {
        if (List.of(arguments).equals(List.of("replicate"))) {
            Replication.raise(new HdfsConfiguration());
            return;
        }
        Set<String> parts = arguments.length == 0 ? Set.of("namenode", "datanode", "metastore") : Set.of(arguments);
        DefaultMetricsSystem.setMiniClusterMode(true);
        HdfsConfiguration configuration = new HdfsConfiguration();
        Deque<Runnable> stops = new ConcurrentLinkedDeque<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stops.forEach(Runnable::run), "stop"));
        if (parts.contains("namenode")) {
            if (neverFormatted(configuration)) {
                NameNode.format(configuration);
            }
            NameNode nameNode = NameNode.createNameNode(new String[0], new HdfsConfiguration());
            stops.push(nameNode::stop);
        }
        if (parts.contains("datanode")) {
            DataNode dataNode = DataNode.createDataNode(new String[0], new HdfsConfiguration());
            stops.push(dataNode::shutdown);
        }
        if (parts.contains("metastore")) {
            DistributedFileSystem fileSystem = (DistributedFileSystem) FileSystem.get(configuration);
            awaitWritable(fileSystem);
            for (String folder : FOLDERS) {
                fileSystem.mkdirs(new Path(folder));
            }
            LOG.info("HDFS is writable at {}", fileSystem.getUri());
            HiveConf hive = new HiveConf(configuration, StorageServer.class);
            Relocation.toFileSystem(fileSystem.getUri(), hive);
            Metastore.serve(hive);
        }
        // Until the process is told to stop.
        new CountDownLatch(1).await();
    }

    private static boolean neverFormatted(HdfsConfiguration configuration) throws IOException {
        for (URI folder : org.apache.hadoop.hdfs.server.namenode.FSNamesystem.getNamespaceDirs(configuration)) {
            if (java.nio.file.Files.exists(java.nio.file.Path.of(folder).resolve("current/VERSION"))) {
                return false;
            }
        }
        return true;
    }

    private static void awaitWritable(DistributedFileSystem fileSystem) throws IOException, InterruptedException {
        while (!isWritable(fileSystem)) {
            Thread.sleep(100);
        }
    }

    private static boolean isWritable(DistributedFileSystem fileSystem) throws IOException {
        try {
            return !fileSystem.setSafeMode(SafeModeAction.GET)
                    && fileSystem.getDataNodeStats(DatanodeReportType.LIVE).length > 0;
        } catch (ConnectException e) {
            // A NameNode in a process of its own may start later.
            return false;
        }
    }
}
