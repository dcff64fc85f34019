package dev.igarape.cli.connect;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A replication slot of PostgreSQL: the place in the write-ahead log (WAL) up to which a reader has read. PostgreSQL keeps
 * all WAL from there on, however long nobody reads.
 *
 * @param active whether somebody reads it now
 * @param walStatus as in {@code pg_replication_slots}; {@code lost} where WAL that it needs is gone
 * @param keptBytes of WAL that PostgreSQL keeps for it
 * @param unreadBytes of WAL that its reader has not confirmed
 */
public record ReplicationSlot(String name, boolean active, String walStatus, long keptBytes, long unreadBytes) {
    static final String POSTGRES = "io.debezium.connector.postgresql.PostgresConnector";

    /** Host, port, database and slot that a configuration names; empty for other connectors. */
    static Optional<List<String>> address(Map<String, String> config) {
        return config.getOrDefault("connector.class", "").equals(POSTGRES)
                ? Optional.of(List.of(
                        config.getOrDefault("database.hostname", ""),
                        config.getOrDefault("database.port", "5432"),
                        config.getOrDefault("database.dbname", ""),
                        slotName(config)))
                : Optional.empty();
    }

    /** The slot's name in a configuration, Debezium's default where it has none. */
    static String slotName(Map<String, String> config) {
        return config.getOrDefault("slot.name", "debezium");
    }

    boolean lost() {
        return walStatus.equals("lost");
    }
}
