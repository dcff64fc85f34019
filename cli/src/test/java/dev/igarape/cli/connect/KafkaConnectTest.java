package dev.igarape.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.cli.connect.ConnectorHealth.Finding;
import dev.igarape.cli.connect.KafkaConnect.Applied;
import dev.igarape.cli.doctor.ServerChecks;
import dev.igarape.model.error.LakeException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaConnectTest {
    private static final ConnectorFile ORDERS = new ConnectorFile(
            "connect/orders.json",
            "orders",
            Map.of("connector.class", "example.Orders", "password", "${env:PASSWORD}"));

    @TempDir
    private Path folder;

    private ConnectWorker worker;
    private KafkaConnect connect;

    @BeforeEach
    void start() throws Exception {
        worker = new ConnectWorker();
        connect = new KafkaConnect(worker.url(), folder);
    }

    @AfterEach
    void stop() {
        worker.close();
    }

    @Test
    void aRestartThatFailedIsMadeUpFor() {
        assertThat(connect.apply(ORDERS, password("old"))).isEqualTo(Applied.CREATED);
        assertThat(connect.apply(ORDERS, password("old"))).isEqualTo(Applied.UNCHANGED);
        worker.restarts = false;
        assertThatThrownBy(() -> connect.apply(ORDERS, password("new"))).isInstanceOf(LakeException.class);
        worker.restarts = true;
        assertThat(connect.apply(ORDERS, password("new"))).isEqualTo(Applied.RESTARTED);
        assertThat(connect.apply(ORDERS, password("new"))).isEqualTo(Applied.UNCHANGED);
        ConnectorFile changed = new ConnectorFile(ORDERS.path(), ORDERS.name(), Map.of("connector.class", "example.X"));
        worker.restarts = false;
        assertThatThrownBy(() -> connect.apply(changed, new Properties())).isInstanceOf(LakeException.class);
        worker.restarts = true;
        assertThat(connect.apply(changed, new Properties())).isEqualTo(Applied.RESTARTED);
        assertThat(health().state()).isEqualTo("RUNNING");
    }

    @Test
    void aChangedConnectorIsStoppedFirstAndOneThatWasHaltedStaysSo() {
        connect.apply(ORDERS, password("old"));
        worker.requests.clear();
        ConnectorFile changed = new ConnectorFile(ORDERS.path(), ORDERS.name(), Map.of("connector.class", "example.X"));
        assertThat(connect.apply(changed, new Properties())).isEqualTo(Applied.CHANGED);
        assertThat(worker.requests)
                .containsExactly(
                        "PUT /connector-plugins/example.X/config/validate",
                        "PUT /connectors/orders/stop",
                        "PUT /connectors/orders/config",
                        "PUT /connectors/orders/resume");
        worker.state("orders", "STOPPED");
        worker.requests.clear();
        assertThat(connect.apply(ORDERS, password("old"))).isEqualTo(Applied.CHANGED);
        assertThat(worker.requests).containsExactly("PUT /connectors/orders/config");
        connect.restart("orders");
        assertThat(worker.requests).containsExactly("PUT /connectors/orders/config", "PUT /connectors/orders/resume");
    }

    @Test
    void aConnectorThatCouldNotBeChangedGoesOn() {
        connect.apply(ORDERS, password("old"));
        ConnectorFile changed = new ConnectorFile(ORDERS.path(), ORDERS.name(), Map.of("connector.class", "example.X"));
        worker.stops = false;
        assertThatThrownBy(() -> connect.apply(changed, new Properties())).isInstanceOf(LakeException.class);
        assertThat(health().state()).isEqualTo("RUNNING");
        worker.stops = true;
        assertThat(connect.apply(changed, new Properties())).isEqualTo(Applied.CHANGED);
        assertThat(health().state()).isEqualTo("RUNNING");
    }

    @Test
    void aConnectorThatWasHaltedStaysSoWhenAnInterruptedChangeGoesOn() {
        connect.apply(ORDERS, password("old"));
        worker.state("orders", "STOPPED");
        worker.restarts = false;
        assertThatThrownBy(() -> connect.apply(ORDERS, password("new"))).isInstanceOf(LakeException.class);
        worker.restarts = true;
        assertThat(connect.apply(ORDERS, password("new"))).isEqualTo(Applied.RESTARTED);
        assertThat(health().state()).isEqualTo("STOPPED");
    }

    @Test
    void aConnectorIsDeletedOnceItsPlaceIs() {
        connect.apply(ORDERS, password("old"));
        worker.requests.clear();
        // As for a sink whose consumer group is not empty yet.
        worker.keeps = 1;
        connect.delete("orders");
        assertThat(worker.requests)
                .containsExactly(
                        "PUT /connectors/orders/stop",
                        "DELETE /connectors/orders/offsets",
                        "DELETE /connectors/orders/offsets",
                        "DELETE /connectors/orders");
    }

    @Test
    void aHaltedConnectorIsToldAndGoesOnWhenItIsRestarted() {
        worker.state("orders", "STOPPED");
        ConnectorHealth stopped = health();
        assertThat(stopped.failed()).isFalse();
        assertThat(stopped.settled()).isTrue();
        assertThat(stopped.findings())
                .containsExactly(new Finding(
                        false,
                        "it is stopped, so it captures nothing",
                        "Have it go on where it was: ./lake connect restart orders"));
        assertThat(doctor()).startsWith("is stopped; it is stopped, so it captures nothing. Have it go on");
        worker.state("orders", "PAUSED", "PAUSED");
        assertThat(health().findings())
                .extracting(Finding::problem)
                .containsExactly("it is paused, so it captures nothing");
        connect.restart("orders");
        assertThat(worker.requests).containsExactly("PUT /connectors/orders/resume", "POST /connectors/orders/restart");
        assertThat(health().findings()).isEmpty();
        assertThat(doctor()).isEqualTo("is running");
    }

    @Test
    void aConnectorWithoutATaskCapturesNothing() {
        worker.state("orders", "RUNNING");
        ConnectorHealth idle = health();
        assertThat(idle.failed()).isTrue();
        assertThat(idle.settled()).isFalse();
        assertThat(idle.findings())
                .extracting(Finding::problem)
                .containsExactly("it has no task, so it captures nothing");
        worker.state("orders", "RUNNING", "RUNNING", "UNASSIGNED");
        ConnectorHealth partly = health();
        assertThat(partly.failed()).isFalse();
        assertThat(partly.settled()).isFalse();
        assertThat(partly.findings())
                .extracting(Finding::problem)
                .containsExactly("not all of its tasks run: 1 is UNASSIGNED");
    }

    @Test
    void theReasonOfAFailureIsOverWhenTheTaskRunsAgain() {
        worker.state("orders", "RUNNING", "FAILED java.lang.RuntimeException: away");
        assertThat(health().state()).isEqualTo("FAILED");
        assertThat(health().findings())
                .extracting(Finding::problem)
                .containsExactly("java.lang.RuntimeException: away");
        worker.state("orders", "RUNNING", "RUNNING java.lang.RuntimeException: away");
        assertThat(health().state()).isEqualTo("RUNNING");
        assertThat(health().findings()).isEmpty();
    }

    private ConnectorHealth health() {
        return connect.health().get(0);
    }

    private String doctor() {
        return ServerChecks.connectors(connect.health()).get(0).finding();
    }

    private static Properties password(String password) {
        Properties values = new Properties();
        values.setProperty("PASSWORD", password);
        return values;
    }
}
