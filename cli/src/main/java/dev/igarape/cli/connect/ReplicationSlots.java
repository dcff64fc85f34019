package dev.igarape.cli.connect;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The replication slots of databases, asked of them. */
final class ReplicationSlots {
    private static final String SECONDS = "5";
    private static final String DATABASE = "database.";
    /** {@code restart_lsn} is null where WAL is lost. */
    private static final String QUERY = """
            SELECT slot_name, active, coalesce(wal_status, ''),
              coalesce(pg_wal_lsn_diff(now_lsn, restart_lsn), 0)::bigint,
              coalesce(pg_wal_lsn_diff(now_lsn, confirmed_flush_lsn), 0)::bigint
            FROM pg_replication_slots,
              (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END) AS wal(now_lsn)
            WHERE slot_type = 'logical' AND database = current_database()
            ORDER BY slot_name
            """;

    private ReplicationSlots() {}

    /** The logical slots of the database that a connector's configuration names. */
    static List<ReplicationSlot> of(Map<String, String> config) throws SQLException {
        List<String> address = ReplicationSlot.address(config).orElseThrow();
        String url = "jdbc:postgresql://%s:%s/%s".formatted(address.get(0), address.get(1), address.get(2));
        List<ReplicationSlot> slots = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(url, properties(config));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(QUERY)) {
            while (rows.next()) {
                slots.add(new ReplicationSlot(
                        rows.getString(1), rows.getBoolean(2), rows.getString(3), rows.getLong(4), rows.getLong(5)));
            }
        }
        return slots;
    }

    /** How the driver connects: as the connector does, whose names of what TLS needs are the driver's behind a prefix. */
    static Properties properties(Map<String, String> config) {
        Properties properties = new Properties();
        properties.setProperty("user", config.getOrDefault("database.user", ""));
        properties.setProperty("password", config.getOrDefault("database.password", ""));
        config.forEach((key, value) -> {
            if (key.startsWith(DATABASE + "ssl")) {
                properties.setProperty(key.substring(DATABASE.length()), value);
            }
        });
        properties.setProperty("connectTimeout", SECONDS);
        properties.setProperty("socketTimeout", SECONDS);
        return properties;
    }
}
