package dev.igarape.cli.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** How long a server is asked. */
final class PatienceTest {
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void asksUntilAnAnswerWillDo() {
        Patience patience = new Patience(Duration.ofMinutes(10), MOMENT);
        int last = patience.ask(asked::incrementAndGet, answer -> answer == 3);
        assertThat(last).isEqualTo(3);
        assertThat(asked).hasValue(3);
    }

    @Test
    void takesTheLastAnswerWhenTimeIsUp() {
        // Each question takes a minute.
        Patience patience = new Patience(
                Duration.ofMinutes(3),
                MOMENT,
                () -> Duration.ofMinutes(asked.get()).toNanos());
        int last = patience.ask(asked::incrementAndGet, answer -> false);
        assertThat(last).isEqualTo(3);
        assertThat(asked).hasValue(3);
    }

    @Test
    void asksOnceAtLeast() {
        int only = new Patience(Duration.ZERO, MOMENT).ask(asked::incrementAndGet, answer -> false);
        assertThat(only).isEqualTo(1);
    }
}
