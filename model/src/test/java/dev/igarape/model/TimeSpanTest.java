package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimeSpanTest {
    @Test
    void takesANumberAndItsUnit() {
        assertThat(TimeSpan.parse("--every", "500ms")).isEqualTo(Duration.ofMillis(500));
        assertThat(TimeSpan.parse("--every", "1s")).isEqualTo(Duration.ofSeconds(1));
        assertThat(TimeSpan.parse("--every", "2 m")).isEqualTo(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "1", "-1s", "99ms", "61m", "1h", "soon", "", "9999999999s"})
    void refusesWhatIsNoShortTime(String text) {
        assertThatThrownBy(() -> TimeSpan.parse("--every", text))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageStartingWith("--every '" + text + "' is no time from 100 ms to 60 minutes.");
    }
}
