package dev.igarape.cli.stack.storage;

import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives files of a time with fewer DataNodes their replicas. */
final class Replication {
    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private Replication() {}

    /** Gives every file as many replicas as {@code dfs.replication} says, where it has fewer; ends when all are there. */
    static void raise(Configuration configuration) throws IOException, InterruptedException {
        short wanted = (short) configuration.getInt("dfs.replication", 1);
        try (DistributedFileSystem fileSystem = (DistributedFileSystem) FileSystem.get(configuration)) {
            long raised = 0;
            RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(new Path("/"), true);
            while (files.hasNext()) {
                LocatedFileStatus file = files.next();
                if (file.getReplication() < wanted) {
                    fileSystem.setReplication(file.getPath(), wanted);
                    raised++;
                }
            }
            LOG.info("{} files get {} replicas", raised, wanted);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (fileSystem.getLowRedundancyBlocksCount() > 0) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(
                            fileSystem.getLowRedundancyBlocksCount() + " blocks still have too few replicas");
                }
                Thread.sleep(500);
            }
        }
    }
}
