package dev.igarape.cli.stack.storage;

import java.io.IOException;
import java.net.ConnectException;
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
import org.apache.hadoop.hdfs.qjournal.server.JournalNode;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.hdfs.server.namenode.NameNode;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.ipc.StandbyException;
import org.apache.hadoop.metrics2.lib.DefaultMetricsSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HDFS (a NameNode, a DataNode) and the Hive Metastore, configured by {@code core-site.xml}, {@code hdfs-site.xml} and {@code
 * hive-site.xml} on the classpath: all in one JVM, or, by their names as arguments, some of them; and what two NameNodes of a
 * nameservice need besides. The metastore's port opens last: who can connect to it finds HDFS writable.
 */
public final class StorageServer {
    private static final Logger LOG = LoggerFactory.getLogger(StorageServer.class);
    private static final List<String> FOLDERS = List.of("/lake", "/spark-events", "/tmp", "/user/hive/warehouse");

    private StorageServer() {}

    /**
     * Serves until the process is told to stop.
     *
     * @param arguments of {@code namenode}, {@code datanode}, {@code metastore}; without any: all of them. Or {@code
     *     zookeeper} or {@code journalnode}. Or {@code replicate}, which serves nothing, and ends when every file has as many
     *     replicas as {@code dfs.replication} says
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
        if (parts.contains("zookeeper")) {
            stops.push(Elections.serve(configuration));
        }
        if (parts.contains("journalnode")) {
            JournalNode journalNode = new JournalNode();
            journalNode.setConf(new HdfsConfiguration());
            journalNode.start();
            stops.push(() -> journalNode.stop(0));
        }
        if (parts.contains("namenode")) {
            NameFolders folders = new NameFolders();
            folders.prepare();
            NameNode nameNode = NameNode.createNameNode(new String[0], new HdfsConfiguration());
            stops.push(nameNode::stop);
            if (folders.areShared()) {
                FailoverController.start();
            }
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

    private static void awaitWritable(DistributedFileSystem fileSystem) throws IOException, InterruptedException {
        while (!isWritable(fileSystem)) {
            Thread.sleep(100);
        }
    }

    private static boolean isWritable(DistributedFileSystem fileSystem) throws IOException {
        try {
            // Asked for the active one, since a NameNode that stands by answers this, too.
            return !fileSystem.setSafeMode(SafeModeAction.GET, true)
                    && fileSystem.getDataNodeStats(DatanodeReportType.LIVE).length > 0;
        } catch (ConnectException | StandbyException e) {
            // A NameNode in a process of its own may start later, and one of two must become active.
            return false;
        } catch (RemoteException e) {
            if (e.unwrapRemoteException() instanceof StandbyException) {
                return false;
            }
            throw e;
        }
    }
}
