package dev.igarape.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.stack.LocalStack.Condition;
import dev.igarape.cli.stack.LocalStack.ServerStatus;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerChecksTest {
    @TempDir
    private Path folder;

    @Test
    void whatEndedOrDoesNotAnswerFailsWithItsRemedy() {
        List<HealthCheck> checks = ServerChecks.checks(
                List.of(
                        new ServerStatus("storage", "storage", Condition.READY, 1, Map.of("HDFS", "hdfs://…")),
                        new ServerStatus("kafka", "kafka", Condition.STOPPED, 0, Map.of()),
                        new ServerStatus("trino", "trino", Condition.STARTING, 1, Map.of("Trino", "http://…")),
                        new ServerStatus("api", "api", Condition.DIED, 0, Map.of())),
                Profile.LOCAL.ports(),
                Ports.load(folder.resolve("ports.json")));
        assertThat(checks)
                .filteredOn(HealthCheck::passed)
                .extracting(HealthCheck::name)
                .contains("storage", "kafka");
        assertThat(checks)
                .filteredOn(check -> !check.passed())
                .extracting(HealthCheck::name)
                .containsExactly("trino", "api");
        assertThat(checks.get(2).remedy()).get().asString().contains("./lake logs trino");
        assertThat(checks.get(3).remedy()).get().asString().contains("./lake logs api; ./lake up");
    }

    @Test
    void aTakenPortIsNamedButNoFault() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path file = folder.resolve("ports.json");
            Files.writeString(file, "{\"kafka\": " + taken.getLocalPort() + "}");
            List<HealthCheck> checks = ServerChecks.checks(
                    List.of(new ServerStatus("kafka", "kafka", Condition.STOPPED, 0, Map.of())),
                    Profile.LOCAL.ports(),
                    Ports.load(file));
            HealthCheck port = checks.stream()
                    .filter(check -> check.name().equals("Port kafka"))
                    .findFirst()
                    .orElseThrow();
            assertThat(port.finding()).isEqualTo(taken.getLocalPort() + " is taken; ./lake up uses the next free one");
            assertThat(port.passed()).isTrue();
        }
    }
}
