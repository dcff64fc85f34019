package dev.igarape.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TruthTest {
    private static final Click CLICK = new Click(Instant.parse("2024-01-01T00:00:07.999Z"), "user-1", "/", "view");
    private static final Click OTHER = new Click(Instant.parse("2024-01-01T00:00:10Z"), "user-1", "/", "view");

    private final Truth truth = new Truth();

    TruthTest() {
        truth.add(CLICK);
        truth.add(CLICK);
        truth.add(OTHER);
    }

    @Test
    void aClickBelongsToTheWindowThatBeginsBeforeIt() {
        assertThat(CLICK.window()).isEqualTo("2024-01-01T00:00:05Z");
        assertThat(OTHER.window()).isEqualTo("2024-01-01T00:00:10Z");
    }

    @Test
    void aTableWithTheSameCountsDiffersInNothing() {
        assertThat(truth.clicks()).isEqualTo(3);
        assertThat(truth.compare(Map.of(CLICK.group(), 2L, OTHER.group(), 1L))).isEqualTo(new Truth.Difference(0, 0));
    }

    @Test
    void lostClicksAreCounted() {
        assertThat(truth.compare(Map.of(CLICK.group(), 1L))).isEqualTo(new Truth.Difference(2, 0));
    }

    @Test
    void oneTooManyDoesNotMakeUpForOneThatIsLost() {
        Click.Group foreign = new Click.Group(CLICK.window(), "view", "/", "user-2");
        assertThat(truth.compare(Map.of(CLICK.group(), 3L, foreign, 4L))).isEqualTo(new Truth.Difference(1, 5));
    }
}
