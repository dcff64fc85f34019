package dev.igarape.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RateLimiterTest {
    @Test
    void delayAndRateSayTheSame() {
        assertThat(RateLimiter.of(Optional.of(20L), Optional.empty()))
                .isEqualTo(RateLimiter.of(Optional.empty(), Optional.of(50.0)))
                .isEqualTo(new RateLimiter(Duration.ofMillis(20)));
        assertThat(RateLimiter.of(Optional.empty(), Optional.empty()))
                .isEqualTo(new RateLimiter(Duration.ofMillis(100)));
        assertThat(RateLimiter.of(Optional.of(0L), Optional.empty())).isEqualTo(new RateLimiter(Duration.ZERO));
    }

    @Test
    void refusesBothAndWhatIsNoPace() {
        assertThatThrownBy(() -> RateLimiter.of(Optional.of(1L), Optional.of(1.0)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("Give one of them");
        assertThatThrownBy(() -> RateLimiter.of(Optional.of(-1L), Optional.empty()))
                .isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> RateLimiter.of(Optional.empty(), Optional.of(0.0)))
                .isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> RateLimiter.of(Optional.empty(), Optional.of(Double.NaN)))
                .isInstanceOf(LakeException.class);
    }
}
