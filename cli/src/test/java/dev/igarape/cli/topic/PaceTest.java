package dev.igarape.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.LakeException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PaceTest {
    @Test
    void delayAndRateSayTheSame() {
        assertThat(Pace.of(Optional.of(20L), Optional.empty()))
                .isEqualTo(Pace.of(Optional.empty(), Optional.of(50.0)))
                .isEqualTo(new Pace(Duration.ofMillis(20)));
        assertThat(Pace.of(Optional.empty(), Optional.empty())).isEqualTo(new Pace(Duration.ofMillis(100)));
        assertThat(Pace.of(Optional.of(0L), Optional.empty())).isEqualTo(new Pace(Duration.ZERO));
    }

    @Test
    void refusesBothAndWhatIsNoPace() {
        assertThatThrownBy(() -> Pace.of(Optional.of(1L), Optional.of(1.0)))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("Give one of them");
        assertThatThrownBy(() -> Pace.of(Optional.of(-1L), Optional.empty())).isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> Pace.of(Optional.empty(), Optional.of(0.0))).isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> Pace.of(Optional.empty(), Optional.of(Double.NaN)))
                .isInstanceOf(LakeException.class);
    }
}
