package dev.igarape.cli.stack.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTest {
    @TempDir
    private Path folder;

    private final List<String> said = new ArrayList<>();

    @Test
    void givesTheUsualPortsWhenTheyAreFree() {
        Ports ports = Ports.load(folder.resolve("ports.json"), port -> true);
        ports.choose(Profile.LOCAL.ports(), Set.of(), said::add);
        for (NodePort port : Profile.LOCAL.ports()) {
            assertThat(ports.of(port.port(), port.node())).isEqualTo(port.defaultNumber());
        }
        assertThat(said).isEmpty();
    }

    @Test
    void shiftsTakenPortsAndSaysSo() {
        Ports ports = Ports.load(folder.resolve("ports.json"), port -> port != 8080);
        ports.choose(Profile.LOCAL.ports(), Set.of(), said::add);
        assertThat(ports.of(Port.TRINO)).isGreaterThan(8080);
        assertThat(said).contains("Port 8080 of trino is taken; using " + ports.of(Port.TRINO));
    }

    @Test
    void givesNoPortTwice() {
        Ports ports = Ports.load(folder.resolve("ports.json"), port -> port % 10 == 7);
        ports.choose(Profile.CLUSTER.ports(), Set.of(), said::add);
        Set<Integer> numbers = new HashSet<>();
        for (NodePort port : Profile.CLUSTER.ports()) {
            numbers.add(ports.of(port.port(), port.node()));
        }
        assertThat(numbers).hasSize(Profile.CLUSTER.ports().size());
    }

    @Test
    void eachNodeHasAPortOfItsOwnAndTheFirstOneThatOfAStackWithOne() {
        Path file = folder.resolve("ports.json");
        Ports.load(file, port -> true).choose(Profile.LOCAL.ports(), Set.of(), said::add);
        Ports ports = Ports.load(file, port -> true);
        ports.choose(Profile.CLUSTER.ports(), Set.of(), said::add);
        assertThat(said).isEmpty();
        assertThat(ports.of(Port.KAFKA)).isEqualTo(9092);
        assertThat(ports.of(Port.KAFKA, 2)).isEqualTo(9192);
        assertThat(ports.of(Port.KAFKA, 3)).isEqualTo(9292);
        assertThatThrownBy(() -> ports.of(Port.KAFKA, 4)).hasMessageContaining("Run: ./lake up");
    }

    @Test
    void keepsAShiftedPortNextTime() {
        Path file = folder.resolve("ports.json");
        Ports first = Ports.load(file, port -> port != 9092);
        first.choose(Profile.LOCAL.ports(), Set.of(), said::add);
        Ports second = Ports.load(file, port -> true);
        second.choose(Profile.LOCAL.ports(), Set.of(), line -> {
            throw new AssertionError(line);
        });
        assertThat(second.of(Port.KAFKA)).isEqualTo(first.of(Port.KAFKA)).isNotEqualTo(9092);
    }

    @Test
    void leavesThePortsOfRunningServers() {
        Path file = folder.resolve("ports.json");
        Ports.load(file, port -> true).choose(Profile.LOCAL.ports(), Set.of(), said::add);
        Ports ports = Ports.load(file, port -> port != 9092 && port != 8080);
        ports.choose(Profile.LOCAL.ports(), Set.of("kafka"), said::add);
        assertThat(ports.of(Port.KAFKA)).isEqualTo(9092);
        assertThat(ports.of(Port.TRINO)).isNotEqualTo(8080);
    }

    @Test
    void leavesThePortsThatAnotherProcessHasChosenMeanwhile() {
        Path file = folder.resolve("ports.json");
        Ports late = Ports.load(file, port -> port != 9092 && port != 9093);
        Ports.load(file, port -> port != 9092).choose(Profile.LOCAL.ports(), Set.of(), said::add);
        said.clear();
        late.choose(Profile.LOCAL.ports(), Set.of("kafka"), said::add);
        assertThat(late.of(Port.KAFKA)).isEqualTo(9093);
        assertThat(said).isEmpty();
    }

    @Test
    void seesWhoListensOnLoopbackOnly() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Path file = folder.resolve("ports.json");
            Files.writeString(file, "{\"trino\": " + taken.getLocalPort() + "}");
            Ports ports = Ports.load(file);
            ports.choose(Profile.LOCAL.ports(), Set.of(), said::add);
            assertThat(ports.of(Port.TRINO)).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void saysHowToMendABrokenFile() throws IOException {
        Path file = folder.resolve("ports.json");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> Ports.load(file))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("Cannot read " + file)
                .hasMessageContaining("Delete it");
    }
}
