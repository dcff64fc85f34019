package dev.igarape.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.bench.stream.Visibility.Delays;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class VisibilityTest {
    private static final Instant WINDOW = Instant.parse("2024-01-01T00:00:05Z");
    private static final Instant NEXT = WINDOW.plusSeconds(5);
    private static final long SECOND = 1_000_000_000;

    private final Visibility visibility = new Visibility(WINDOW);

    private void acknowledged(Instant time, long second) {
        visibility.acknowledged(new Click(time, "user-1", "/", "view"), second * SECOND);
    }

    private void answered(long second, Map<Instant, Long> counts) {
        visibility.answered(counts, second * SECOND);
    }

    @Test
    void aClickIsVisibleWithTheFirstAnswerThatCountsAsMany() {
        acknowledged(WINDOW, 1);
        acknowledged(WINDOW.plusSeconds(4), 2);
        acknowledged(WINDOW.plusSeconds(1), 3);
        answered(4, Map.of(WINDOW, 1L));
        answered(6, Map.of(WINDOW, 1L));
        answered(9, Map.of(WINDOW, 3L));
        assertThat(visibility.delays(0)).isEqualTo(new Delays(List.of(3.0, 6.0, 7.0), 0));
    }

    @Test
    void acknowledgementsAreOrderedByTimeWhateverOrderTheyAreNotedIn() {
        acknowledged(WINDOW, 5);
        acknowledged(WINDOW, 1);
        answered(6, Map.of(WINDOW, 1L));
        answered(7, Map.of(WINDOW, 2L));
        assertThat(visibility.delays(0).seconds()).containsExactly(2.0, 5.0);
    }

    @Test
    void windowsAreCountedApart() {
        acknowledged(WINDOW, 1);
        acknowledged(NEXT, 1);
        answered(2, Map.of(NEXT, 1L));
        answered(5, Map.of(WINDOW, 1L, NEXT, 1L));
        assertThat(visibility.delays(0).seconds()).containsExactly(1.0, 4.0);
    }

    @Test
    void aClickThatIsInNoAnswerIsInvisible() {
        acknowledged(WINDOW, 1);
        acknowledged(WINDOW, 2);
        answered(3, Map.of(WINDOW, 1L));
        assertThat(visibility.delays(0)).isEqualTo(new Delays(List.of(2.0), 1));
    }

    @Test
    void clicksOfTheWarmUpCountButHaveNoDelay() {
        acknowledged(WINDOW, 1);
        acknowledged(WINDOW, 5);
        answered(6, Map.of(WINDOW, 1L));
        answered(8, Map.of(WINDOW, 2L));
        assertThat(visibility.delays(5 * SECOND).seconds()).containsExactly(3.0);
    }

    @Test
    void aClickThatIsVisibleBeforeItsAnswerHasNoDelay() {
        answered(1, Map.of(WINDOW, 1L));
        acknowledged(WINDOW, 2);
        assertThat(visibility.delays(0).seconds()).containsExactly(0.0);
    }

    @Test
    void windowsThatNobodyAsksForAreLeftOut() {
        acknowledged(WINDOW.minusSeconds(1), 1);
        assertThat(visibility.delays(0)).isEqualTo(new Delays(List.of(), 0));
    }

    @Test
    void percentilesAreNearestRanks() {
        Delays delays = new Delays(
                IntStream.rangeClosed(1, 200).mapToObj(i -> (double) i).toList(), 0);
        assertThat(delays.percentile(50)).isEqualTo(100);
        assertThat(delays.percentile(99)).isEqualTo(198);
        assertThat(new Delays(List.of(), 3).percentile(99)).isNaN();
    }
}
