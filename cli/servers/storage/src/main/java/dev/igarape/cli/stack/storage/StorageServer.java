package dev.igarape.cli.stack.storage;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HDFS (one NameNode, one DataNode) and the Hive Metastore in one JVM, configured by {@code core-site.xml},
 * {@code hdfs-site.xml} and {@code hive-site.xml} on the classpath. The metastore's port opens last: who can connect to
 * it finds HDFS writable.
 */
public final class StorageServer {
    private static final Logger LOG = LoggerFactory.getLogger(StorageServer.class);
    private static final List<String> FOLDERS = List.of("/lake", "/spark-events", "/tmp", "/user/hive/warehouse");

    private StorageServer() {}

    public static void main(String[] arguments) throws Exception {
        DefaultMetricsSystem.setMiniClusterMode(true);
        HdfsConfiguration configuration = new HdfsConfiguration();
        if (neverFormatted(configuration)) {
            NameNode.format(configuration);
        }
        NameNode nameNode = NameNode.createNameNode(new String[0], new HdfsConfiguration());
        DataNode dataNode = DataNode.createDataNode(new String[0], new HdfsConfiguration());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(nameNode, dataNode), "stop"));
        awaitWritable(nameNode, dataNode);
        FileSystem fileSystem = FileSystem.get(configuration);
        for (String folder : FOLDERS) {
            fileSystem.mkdirs(new Path(folder));
        }
        LOG.info("HDFS is writable at {}", fileSystem.getUri());
        HiveConf hive = new HiveConf(configuration, StorageServer.class);
        Relocation.toFileSystem(fileSystem.getUri(), hive);
        Metastore.serve(hive);
    }

    private static boolean neverFormatted(HdfsConfiguration configuration) throws IOException {
        for (URI folder : org.apache.hadoop.hdfs.server.namenode.FSNamesystem.getNamespaceDirs(configuration)) {
            if (java.nio.file.Files.exists(java.nio.file.Path.of(folder).resolve("current/VERSION"))) {
                return false;
            }
        }
        return true;
    }

    private static void awaitWritable(NameNode nameNode, DataNode dataNode) throws InterruptedException {
        while (nameNode.isInSafeMode() || !dataNode.isDatanodeFullyStarted()) {
            Thread.sleep(100);
        }
    }

    private static void stop(NameNode nameNode, DataNode dataNode) {
        dataNode.shutdown();
        nameNode.stop();
    }
}
