package dev.igarape.bench.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ClickGeneratorTest {
    private static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");
    private static final Duration BATCH = Duration.ofMillis(100);
    private static final int BATCHES = 2_000;
    private static final int SIZE = 100;

    private static List<Click> clicks(ClickGenerator generator) {
        List<Click> clicks = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            clicks.addAll(generator.next(NOON.plus(BATCH.multipliedBy(batch)), BATCH, SIZE));
        }
        return clicks;
    }

    @Test
    void theSameSeedGivesTheSameClicks() {
        List<Click> clicks = clicks(new ClickGenerator(1));
        assertThat(clicks).hasSize(BATCHES * SIZE).isEqualTo(clicks(new ClickGenerator(1)));
        assertThat(clicks(new ClickGenerator(2))).isNotEqualTo(clicks);
    }

    @Test
    void someClicksAreLateByHalfAMinuteToADay() {
        ClickGenerator generator = new ClickGenerator(1);
        Map<Duration, Integer> counts = new HashMap<>();
        int late = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            Instant now = NOON.plus(BATCH.multipliedBy(batch));
            for (Click click : generator.next(now, BATCH, SIZE)) {
                Duration by = Duration.between(click.time(), now);
                for (ClickGenerator.Lateness lateness : ClickGenerator.Lateness.values()) {
                    if (by.compareTo(lateness.by()) >= 0) {
                        counts.merge(lateness.by(), 1, Integer::sum);
                        late++;
                        break;
                    }
                }
            }
        }
        int all = BATCHES * SIZE;
        assertThat(counts.get(Duration.ofSeconds(30))).isBetween(all / 125, all / 80);
        assertThat(counts.get(Duration.ofMinutes(5))).isBetween(all / 250, all / 160);
        assertThat(counts.get(Duration.ofHours(1))).isPositive();
        assertThat(counts.get(Duration.ofDays(1))).isPositive();
        // Those that are sent again may be late by it, but their first sending is what counts.
        assertThat(generator.late()).isBetween(late - generator.doubled(), (long) late);
    }

    @Test
    void someClicksComeTwice() {
        ClickGenerator generator = new ClickGenerator(1);
        List<Click> clicks = clicks(generator);
        Set<Click> first = new HashSet<>();
        long again = clicks.stream().filter(click -> !first.add(click)).count();
        assertThat(generator.doubled()).isPositive().isLessThanOrEqualTo(again);
    }
}
