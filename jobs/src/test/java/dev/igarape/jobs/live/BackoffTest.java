package dev.igarape.jobs.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private static final Instant NOW = Instant.parse("2024-01-01T00:00:00Z");

    private final Backoff backoff = new Backoff();

    @Test
    void waitsTwiceAsLongEachTimeAndAMinuteAtMost() {
        List<Long> waits = new ArrayList<>();
        for (int failure = 0; failure < 8; failure++) {
            waits.add(Duration.between(NOW, backoff.failed(NOW)).toSeconds());
        }
        assertThat(waits).containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L);
    }

    @Test
    void endsWhenItsTimeHasCome() {
        assertThat(backoff.waits(NOW)).isFalse();
        backoff.failed(NOW);
        assertThat(backoff.waits(NOW.plusMillis(999))).isTrue();
        assertThat(backoff.waits(NOW.plusMillis(1000))).isFalse();
    }

    @Test
    void beginsAnewAfterASuccess() {
        backoff.failed(NOW);
        backoff.failed(NOW);
        backoff.reset();
        assertThat(backoff.waits(NOW)).isFalse();
        assertThat(backoff.failed(NOW)).isEqualTo(NOW.plusSeconds(1));
    }
}
