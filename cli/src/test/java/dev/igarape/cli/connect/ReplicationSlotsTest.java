package dev.igarape.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** How databases are asked for their slots. */
final class ReplicationSlotsTest {
    @Test
    void theDatabaseIsTrustedAsTheConnectorTrustsIt() {
        Properties properties = ReplicationSlots.properties(Map.of(
                "connector.class", ReplicationSlot.POSTGRES,
                "database.user", "lake",
                "database.password", "s3cret",
                "database.sslmode", "verify-full",
                "database.sslrootcert", "/etc/lake/ca.crt",
                "database.sslpassword", "of the key",
                "slot.name", "orders"));
        assertThat(properties)
                .containsEntry("user", "lake")
                .containsEntry("password", "s3cret")
                .containsEntry("sslmode", "verify-full")
                .containsEntry("sslrootcert", "/etc/lake/ca.crt")
                .containsEntry("sslpassword", "of the key")
                .containsOnlyKeys(
                        "user", "password", "sslmode", "sslrootcert", "sslpassword", "connectTimeout", "socketTimeout");
    }
}
