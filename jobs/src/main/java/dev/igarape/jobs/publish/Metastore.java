package dev.igarape.jobs.publish;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.common.StatsSetupConst;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.Warehouse;
import org.apache.hadoop.hive.metastore.api.AlreadyExistsException;
import org.apache.hadoop.hive.metastore.api.Database;
import org.apache.hadoop.hive.metastore.api.EnvironmentContext;
import org.apache.hadoop.hive.metastore.api.InvalidOperationException;
import org.apache.hadoop.hive.metastore.api.NoSuchObjectException;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.hadoop.hive.metastore.api.Table;
import org.apache.thrift.TException;

/** Client for the metastore calls that publishing needs; every failure is a {@link LakeException} (UNAVAILABLE). */
final class Metastore implements AutoCloseable {
    /** Shorter than a lease, so that a call that timed out can't take effect after the lease has expired. */
    static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(25);

    private static final short ALL = -1;

    private final String uri;
    private final HiveMetaStoreClient client;

    private Metastore(String uri, HiveMetaStoreClient client) {
        this.uri = uri;
        this.client = client;
    }

    static Metastore connect(String uri, Configuration hadoop) {
        HiveConf configuration = new HiveConf(hadoop, Metastore.class);
        configuration.setVar(HiveConf.ConfVars.METASTOREURIS, uri);
        configuration.setVar(HiveConf.ConfVars.METASTORE_CLIENT_SOCKET_TIMEOUT, SOCKET_TIMEOUT.toSeconds() + "s");
        try {
            return new Metastore(uri, new HiveMetaStoreClient(configuration));
        } catch (TException e) {
            throw unavailable(uri, "connecting", e);
        }
    }

    /** A metastore call. The metastore applies a call completely or not at all. */
    private interface Call<T> {
        T run() throws TException;
    }

    private <T> T call(String doing, Call<T> call) {
        try {
            return call.run();
        } catch (InvalidOperationException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "The metastore at " + uri + " refuses " + doing + ": " + e.getMessage()
                            + ". Readers keep the old version. If it refuses changed columns, set"
                            + " hive.metastore.disallow.incompatible.col.type.changes to false there, and run again.",
                    e);
        } catch (TException e) {
            throw unavailable(uri, doing, e);
        }
    }

    private static LakeException unavailable(String uri, String doing, TException e) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "The metastore at " + uri + " failed while " + doing + ": " + e.getMessage()
                        + ". What is committed stays committed and is published by the next run; see that the metastore"
                        + " is up (./lake status) and run again.",
                e);
    }

    void ensureDatabase(String name, String location) {
        call("creating database " + name, () -> {
            try {
                client.getDatabase(name);
            } catch (NoSuchObjectException missing) {
                try {
                    client.createDatabase(new Database(name, null, location, new java.util.HashMap<>()));
                } catch (AlreadyExistsException raced) {
                    // Another publisher created it first.
                    return null;
                }
            }
            return null;
        });
    }

    /** Drops a database and its tables from the metastore; their files stay. */
    void dropDatabase(String name) {
        call("dropping database " + name, () -> {
            client.dropDatabase(name, false, true, true);
            return null;
        });
    }

    Optional<Table> table(String database, String name) {
        return call("reading table " + database + "." + name, () -> {
            try {
                return Optional.of(client.getTable(database, name));
            } catch (NoSuchObjectException e) {
                return Optional.empty();
            }
        });
    }

    void createTable(Table table) {
        call("creating table " + table.getDbName() + "." + table.getTableName(), () -> {
            try {
                client.createTable(table);
            } catch (AlreadyExistsException raced) {
                // Another run created it first.
                return null;
            }
            return null;
        });
    }

    void alterTable(Table table) {
        call("altering table " + table.getDbName() + "." + table.getTableName(), () -> {
            client.alter_table_with_environmentContext(
                    table.getDbName(), table.getTableName(), table, withoutStatistics());
            return null;
        });
    }

    /** Gives a table and its partitions another name, at once. */
    void renameTable(HiveTable table, HiveTable name) {
        call("renaming table " + table.database() + "." + table.name() + " to " + name.name(), () -> {
            Table renamed = client.getTable(table.database(), table.name());
            renamed.setTableName(name.name());
            client.alter_table_with_environmentContext(table.database(), table.name(), renamed, withoutStatistics());
            return null;
        });
    }

    /** Drops a table, if there is one, and its partitions; their files stay. */
    void dropTable(HiveTable table) {
        call("dropping table " + table.database() + "." + table.name(), () -> {
            client.dropTable(table.database(), table.name(), false, true);
            return null;
        });
    }

    List<Partition> partitions(String database, String table) {
        return call(
                "listing partitions of " + database + "." + table, () -> client.listPartitions(database, table, ALL));
    }

    /** The existing ones among partitions of these values. */
    List<Partition> partitions(HiveTable table, List<List<String>> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        return call("reading partitions of " + table.database() + "." + table.name(), () -> {
            List<String> names = new ArrayList<>();
            for (List<String> each : values) {
                names.add(Warehouse.makePartName(table.partitionKeys(), each));
            }
            return client.getPartitionsByNames(table.database(), table.name(), names);
        });
    }

    /** Partitions whose first values are these. */
    List<Partition> partitions(String database, String table, List<String> leading) {
        if (leading.isEmpty()) {
            // The metastore rejects an empty list of values.
            return partitions(database, table);
        }
        return call(
                "listing partitions of " + database + "." + table + " " + leading,
                () -> client.listPartitions(database, table, new ArrayList<>(leading), ALL));
    }

    /** Atomic: an invalid entry changes nothing. */
    void alterPartitions(String database, String table, List<Partition> partitions) {
        call("altering partitions of " + database + "." + table, () -> {
            client.alter_partitions(database, table, partitions, withoutStatistics());
            return null;
        });
    }

    /** Atomic: fails if one of them exists. */
    void addPartitions(String database, String table, List<Partition> partitions) {
        call("adding partitions to " + database + "." + table, () -> client.add_partitions(partitions));
    }

    /** Adds the partitions that do not exist yet. */
    void addAbsentPartitions(String database, String table, List<Partition> partitions) {
        call("adding partitions to " + database + "." + table, () -> client.add_partitions(partitions, true, false));
    }

    void dropPartitions(String database, String table, List<List<String>> values) {
        call("dropping partitions of " + database + "." + table, () -> {
            for (List<String> value : values) {
                client.dropPartition(database, table, new ArrayList<>(value), false);
            }
            return null;
        });
    }

    private static EnvironmentContext withoutStatistics() {
        EnvironmentContext context = new EnvironmentContext();
        context.putToProperties(StatsSetupConst.DO_NOT_UPDATE_STATS, StatsSetupConst.TRUE);
        return context;
    }

    @Override
    public void close() {
        client.close();
    }
}
