package dev.igarape.cli.stack.storage;

import java.net.URI;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.ObjectStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locations in the metastore name HDFS by its address. When that has changed since the last start, every database, table and
 * partition is pointed at the new one.
 */
final class Relocation {
    private static final Logger LOG = LoggerFactory.getLogger(Relocation.class);
    /** SerDe parameter with the folder of a Delta table, which readers take instead of the location. */
    private static final String PATH = "path";

    private Relocation() {}

    static void toFileSystem(URI current, HiveConf configuration) {
        ObjectStore store = new ObjectStore();
        store.setConf(configuration);
        try {
            for (String root : store.listFSRoots()) {
                URI old = URI.create(root);
                if ("hdfs".equals(old.getScheme()) && !current.getAuthority().equals(old.getAuthority())) {
                    URI oldRoot = URI.create("hdfs://" + old.getAuthority());
                    LOG.info("Moving locations from {} to {}", oldRoot, current);
                    // Each is a transaction. The roots above are those of databases alone: they are moved last, so that
                    // a
                    // move that is cut off is taken up again.
                    store.updateSerdeURI(oldRoot, current, PATH, false);
                    store.updateMStorageDescriptorTblURI(oldRoot, current, false);
                    store.updateMDatabaseURI(oldRoot, current, false);
                }
            }
        } finally {
            store.shutdown();
        }
    }
}
