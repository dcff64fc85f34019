package dev.igarape.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetentionTest {
    @Test
    void isATimeOrForever() {
        assertThat(Retention.parse("7 days").time()).contains(Duration.ofDays(7));
        assertThat(Retention.parse("1 day").time()).contains(Duration.ofDays(1));
        assertThat(Retention.parse("48 hours").time()).contains(Duration.ofHours(48));
        assertThat(Retention.parse("forever")).isEqualTo(Retention.FOREVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "0 days", "-1 days", "7 weeks", "7  days", "Forever", "1.5 days", "1234567 days"})
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Retention.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
