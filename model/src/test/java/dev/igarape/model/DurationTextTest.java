package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"30 seconds", "1 minute", "90 minutes", "1 hour", "7 days"})
    void isWrittenAsItIsRead(String text) {
        Duration duration = DurationText.parse(
                        text, ChronoUnit.SECONDS, ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS)
                .orElseThrow();
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }

    @Test
    void isWrittenInTheLargestUnit() {
        assertThat(DurationText.of(Duration.ofMinutes(120))).isEqualTo("2 hours");
        assertThat(DurationText.of(Duration.ofMillis(1500))).isEqualTo("PT1.5S");
        assertThat(DurationText.of(Duration.ZERO)).isEqualTo("PT0S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 min", "5minutes", "0 minutes", "-5 minutes", "5", "", "1 week", "05 minutes", "5 hours"})
    void takesNothingElse(String text) {
        assertThat(DurationText.parse(text, ChronoUnit.MINUTES)).isEmpty();
    }
}
