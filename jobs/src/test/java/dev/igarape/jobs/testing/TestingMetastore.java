package dev.igarape.jobs.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.api.MetaException;
import org.apache.thrift.TException;

/** A real Hive metastore on Derby inside the test's own process. Classes get it from {@link TestServers}. */
public final class TestingMetastore implements TestServer {
    private static final String DEFAULT_DATABASE = "default";

    private final Path warehouse;
    private final Configuration hadoop;
    private final HiveMetaStoreClient client;

    private TestingMetastore(Path warehouse, Configuration hadoop, HiveMetaStoreClient client) {
        this.warehouse = warehouse;
        this.hadoop = hadoop;
        this.client = client;
    }

    static TestingMetastore start() {
        try {
            Path warehouse = Files.createTempDirectory("testing-metastore");
            Configuration hadoop = new Configuration();
            hadoop.set("javax.jdo.option.ConnectionURL", "jdbc:derby:memory:" + UUID.randomUUID() + ";create=true");
            hadoop.set("datanucleus.schema.autoCreateAll", "true");
            hadoop.set("hive.metastore.schema.verification", "false");
            // As hive-site.xml has it: the folder of each partition would be listed.
            hadoop.set("hive.stats.autogather", "false");
            hadoop.set("hive.metastore.disallow.incompatible.col.type.changes", "false");
            hadoop.set("hive.metastore.warehouse.dir", warehouse.toUri().toString());
            hadoop.set("hive.metastore.end.function.listeners", MetastoreCalls.class.getName());
            HiveConf configuration = new HiveConf(hadoop, TestingMetastore.class);
            return new TestingMetastore(warehouse, hadoop, new HiveMetaStoreClient(configuration));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MetaException e) {
            throw new IllegalStateException("the metastore did not start", e);
        }
    }

    /** Settings of a client in this process; each call gives a copy of its own. */
    public Configuration hadoop() {
        return new Configuration(hadoop);
    }

    public HiveMetaStoreClient client() {
        return client;
    }

    /** Drops every database but Hive's own; files stay. */
    @Override
    public void clear() {
        try {
            for (String database : client.getAllDatabases()) {
                if (!database.equals(DEFAULT_DATABASE)) {
                    client.dropDatabase(database, false, true, true);
                }
            }
        } catch (TException e) {
            throw new IllegalStateException("a database was not dropped", e);
        }
    }

    @Override
    public void close() {
        client.close();
        try {
            Files.deleteIfExists(warehouse);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
