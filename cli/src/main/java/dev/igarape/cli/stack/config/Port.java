package dev.igarape.cli.stack.config;

import java.util.Locale;

/** The ports of the local stack, with their default numbers. */
public enum Port {
    HDFS(8020, "storage"),
    HDFS_HTTP(9870, "storage"),
    DATANODE(9866, "storage"),
    DATANODE_HTTP(9864, "storage"),
    DATANODE_IPC(9867, "storage"),
    METASTORE(9083, "storage"),
    KAFKA(9092, "kafka"),
    KAFKA_CONTROLLER(9093, "kafka"),
    REGISTRY(8081, "registry"),
    REGISTRY_MANAGEMENT(9000, "registry"),
    TRINO(8080, "trino"),
    API(8082, "api"),
    AIRFLOW(8083, "airflow"),
    SQLPAD(3010, "sqlpad"),
    HISTORY(18080, "history"),
    POSTGRES(5432, "postgres"),
    // 8084 is that of the live service under Docker.
    CONNECT(8085, "connect");

    private final int defaultNumber;
    private final String server;

    Port(int defaultNumber, String server) {
        this.defaultNumber = defaultNumber;
        this.server = server;
    }

    public int defaultNumber() {
        return defaultNumber;
    }

    /** The name of the server that listens on it. */
    public String server() {
        return server;
    }

    /** Its name in messages and {@code ports.json}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
