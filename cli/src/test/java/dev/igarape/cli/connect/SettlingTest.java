package dev.igarape.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When connectors are believed to be what they are going to be. */
final class SettlingTest {
    private static final ConnectorHealth CAPTURES = connector("RUNNING", 1);
    private static final ConnectorHealth BEGINS = connector("RUNNING", 0);

    private long nanos;

    @Test
    void aStateIsBelievedOnceItHasLasted() {
        Settling settling = new Settling(1, () -> nanos);
        assertThat(settling.test(List.of(CAPTURES))).isFalse();
        pass(3_000);
        assertThat(settling.test(List.of(CAPTURES))).isFalse();
        pass(1);
        assertThat(settling.test(List.of(CAPTURES))).isTrue();
    }

    @Test
    void aStateThatChangesHasToLastAnew() {
        Settling settling = new Settling(1, () -> nanos);
        settling.test(List.of(CAPTURES));
        pass(2_000);
        settling.test(List.of(BEGINS));
        pass(2_000);
        assertThat(settling.test(List.of(CAPTURES))).isFalse();
        pass(2_000);
        assertThat(settling.test(List.of(CAPTURES))).isFalse();
        pass(2_000);
        assertThat(settling.test(List.of(CAPTURES))).isTrue();
    }

    @Test
    void allThatAreWaitedForHaveToSettle() {
        assertThat(lasting(2, List.of(CAPTURES))).isFalse();
        assertThat(lasting(2, List.of(CAPTURES, BEGINS))).isFalse();
        assertThat(lasting(2, List.of(CAPTURES, connector("PAUSED", 0)))).isTrue();
    }

    private boolean lasting(int wanted, List<ConnectorHealth> connectors) {
        Settling settling = new Settling(wanted, () -> nanos);
        settling.test(connectors);
        pass(60_000);
        return settling.test(connectors);
    }

    private void pass(long millis) {
        nanos += Duration.ofMillis(millis).toNanos();
    }

    /** One of one task. */
    private static ConnectorHealth connector(String state, int running) {
        return new ConnectorHealth("orders", "FileStreamSource", state, running, 1, Optional.empty(), List.of());
    }
}
