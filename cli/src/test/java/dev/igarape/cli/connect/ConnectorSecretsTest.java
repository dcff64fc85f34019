package dev.igarape.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectorSecretsTest {
    private static final ConnectorFile ORDERS = new ConnectorFile(
            "connect/orders.json",
            "orders",
            Map.of("url", "db-${env:HOST}:${env:PORT}", "database.password", "${env:PASSWORD}", "plain", "${other:X}"));
    /** Of what a file of properties would take for its own. */
    private static final String PASSWORD = "a=b:#c\\$1 ";

    @TempDir
    private Path folder;

    @Test
    void theWorkerGetsReferencesAndTheFileTheValues() throws Exception {
        ConnectorSecrets secrets = new ConnectorSecrets(folder);
        secrets.write("orders", values());
        assertThat(secrets.read("orders")).contains(values());
        assertThat(secrets.read("others")).isEmpty();
        Map<String, String> sent = secrets.references(ORDERS);
        Path file = folder.resolve("orders.properties");
        assertThat(sent)
                .containsEntry("url", "db-${file:%1$s:HOST}:${file:%1$s:PORT}".formatted(file))
                .containsEntry("plain", "${other:X}");
        assertThat(sent.toString()).doesNotContain(PASSWORD);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(secrets.resolve(sent))
                .containsEntry("url", "db-localhost:5432")
                .containsEntry("database.password", PASSWORD)
                .containsEntry("plain", "${other:X}");
        secrets.delete("orders");
        assertThat(secrets.resolve(sent)).isEqualTo(sent);
    }

    @Test
    void filesOfOthersAreNotRead() throws Exception {
        Path other = Files.writeString(Files.createTempFile("other", ".properties"), "KEY=value");
        Map<String, String> config = Map.of("key", "${file:" + other + ":KEY}");
        assertThat(new ConnectorSecrets(folder).resolve(config)).isEqualTo(config);
        Files.delete(other);
    }

    private static Properties values() {
        return ConnectorSecrets.values(
                        List.of(ORDERS),
                        name -> Optional.ofNullable(Map.of("HOST", "localhost", "PORT", "5432", "PASSWORD", PASSWORD)
                                .get(name)))
                .get(ORDERS);
    }

    @Test
    void namesAllThatIsMissing() {
        assertThatThrownBy(() -> ConnectorSecrets.values(
                        List.of(ORDERS), name -> Optional.of(name).filter("PORT"::equals)))
                .hasMessage(
                        "connect/orders.json needs ${env:HOST}, which the environment does not set. Export it and run"
                                + " again.\nconnect/orders.json needs ${env:PASSWORD}, which the environment does not set. Export it"
                                + " and run again.");
    }
}
