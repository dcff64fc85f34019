package dev.igarape.cli.stack.config;

import java.util.Locale;
import java.util.function.ToIntFunction;

/** The ports of the stack's servers, with their default numbers and how many nodes have one. */
public enum Port {
    HDFS(8020, "storage", Profile::nameNodes),
    HDFS_HTTP(9870, "storage", Profile::nameNodes),
    DATANODE(9866, "storage", Profile::dataNodes),
    DATANODE_HTTP(9864, "storage", Profile::dataNodes),
    DATANODE_IPC(9867, "storage", Profile::dataNodes),
    JOURNALNODE(8485, "storage", Profile::journalNodes),
    JOURNALNODE_HTTP(8480, "storage", Profile::journalNodes),
    FAILOVER_CONTROLLER(8019, "storage", Profile::failoverControllers),
    ZOOKEEPER(2181, "storage", Profile::zooKeepers),
    METASTORE(9083, "storage"),
    KAFKA(9092, "kafka", Profile::brokers),
    KAFKA_CONTROLLER(9093, "kafka"),
    REGISTRY(8081, "registry"),
    REGISTRY_MANAGEMENT(9000, "registry"),
    TRINO(8080, "trino"),
    TRINO_WORKER(8088, "trino", Profile::trinoWorkers),
    API(8082, "api"),
    AIRFLOW(8083, "airflow"),
    SQLPAD(3010, "sqlpad"),
    HISTORY(18080, "history"),
    POSTGRES(5432, "postgres"),
    // 8084 is that of the live service under Docker.
    CONNECT(8085, "connect"),
    SPARK_MASTER(7077, "spark", Profile::sparkMasters),
    SPARK_MASTER_HTTP(8086, "spark", Profile::sparkMasters),
    SPARK_WORKER_HTTP(8087, "spark", Profile::sparkWorkers),
    YARN(8032, "yarn", Profile::resourceManagers),
    YARN_SCHEDULER(8030, "yarn", Profile::resourceManagers),
    YARN_TRACKER(8031, "yarn", Profile::resourceManagers),
    YARN_ADMIN(8033, "yarn", Profile::resourceManagers),
    // 8088, its own, is that of Trino's first worker.
    YARN_HTTP(8089, "yarn", Profile::resourceManagers),
    NODEMANAGER(8041, "yarn", Profile::nodeManagers),
    NODEMANAGER_LOCALIZER(8040, "yarn", Profile::nodeManagers),
    NODEMANAGER_HTTP(8042, "yarn", Profile::nodeManagers);

    private final int defaultNumber;
    private final String group;
    private final ToIntFunction<Profile> nodes;

    Port(int defaultNumber, String group) {
        this(defaultNumber, group, profile -> 1);
    }

    Port(int defaultNumber, String group, ToIntFunction<Profile> nodes) {
        this.defaultNumber = defaultNumber;
        this.group = group;
        this.nodes = nodes;
    }

    public int defaultNumber() {
        return defaultNumber;
    }

    /** The name of the server that listens on it, or of the group of servers, where the stack has several nodes of it. */
    public String group() {
        return group;
    }

    /** How many nodes of a stack have such a port. */
    int nodes(Profile profile) {
        return nodes.applyAsInt(profile);
    }

    /** The first node's name of it in messages and {@code ports.json}. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
