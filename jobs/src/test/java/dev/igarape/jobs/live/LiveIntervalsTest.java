package dev.igarape.jobs.live;

import static dev.igarape.jobs.testing.ClicksLake.DATE;
import static dev.igarape.jobs.testing.ClicksLake.QUARTERS;
import static dev.igarape.jobs.testing.ClicksLake.RAW;
import static dev.igarape.jobs.testing.ClicksLake.WINDOWS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.testing.ClicksLake;
import dev.igarape.jobs.testing.ClicksTestBase;
import dev.igarape.jobs.testing.MovedClock;
import dev.igarape.model.TableName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A live service of tables with intervals: many dates at once, a topic that stops, two services, midnight. */
final class LiveIntervalsTest extends ClicksTestBase {
    /** With {@code -Digarape.dates=366}, of a year. */
    private static final int DATES = Integer.getInteger("igarape.dates", 40);

    private static final int MOST_DATES_OF_A_STEP = 31;
    private static final int INTERVALS = 24 * 12;
    private static final LocalDate NEXT = DATE.plusDays(1);

    @Test
    void manyDatesInOneBurstAreBuiltInStepsOfABoundedNumber() throws Exception {
        MovedClock clock = new MovedClock("2024-01-05T10:00:00Z");
        Lake lake = clicks.open(clock, ClicksLake.eachClick());
        List<String> events = new ArrayList<>();
        for (int day = 0; day < DATES; day++) {
            events.add(ClicksLake.event(DATE.minusDays(day), "ana", "10:00:00", 1));
            events.add(ClicksLake.event(DATE.minusDays(day), "bia", "10:07:00", 1));
        }
        clicks.send(events.toArray(String[]::new));
        try (LiveService service = service(lake, RAW, WINDOWS)) {
            while (service.turn()) {
                clock.forward(Duration.ofSeconds(1));
            }
        }
        assertThat(clicks.shown(lake, WINDOWS))
                .hasSize(2 * DATES)
                .allMatch(row -> row.equals("10:00 ana 1") || row.equals("10:07 bia 1"));
        Ledger ledger = lake.ledger(WINDOWS);
        long steps = ledger.read().head();
        assertThat(steps).isGreaterThan(1);
        for (long sequence = 1; sequence <= steps; sequence++) {
            assertThat(ledger.commit(sequence).dates()).hasSizeBetween(1, MOST_DATES_OF_A_STEP);
        }
        assertThat(ledger.read().builtDates()).hasSize(DATES);
    }

    @Test
    void aTopicThatStopsForADayGoesOnWhereItWas() throws Exception {
        MovedClock clock = new MovedClock(DATE + "T23:00:00Z");
        Lake lake = clicks.open(clock, ClicksLake.windows());
        clicks.send(ClicksLake.event("ana", "22:59:00", 1));
        try (LiveService service = service(lake, RAW, WINDOWS, QUARTERS)) {
            turnsUntilIdle(service, clock);
            for (int hour = 0; hour < 24; hour++) {
                clock.forward(Duration.ofHours(1));
                service.turn();
            }
            clicks.send(ClicksLake.event(NEXT, "bia", "22:58:00", 1), ClicksLake.event("ana", "22:59:01", 1));
            turnsUntilIdle(service, clock);
        }
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("22:58 bia 1", "22:59 ana 2");
        assertThat(clicks.shown(lake, QUARTERS)).containsExactly("22:45 1", "22:45 2");
        assertThat(lake.ledger(WINDOWS).read().partitionsOf(DATE)).hasSize(INTERVALS);
        assertThat(lake.ledger(WINDOWS).read().partitionsOf(NEXT)).hasSize(INTERVALS);
    }

    /** The clock goes on, and one date becomes the other while the services are at work. */
    @Test
    void twoServicesAtOnceCountEachEventOnceOverMidnight() throws Exception {
        Instant evening = Instant.parse(DATE + "T23:59:58Z");
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), evening));
        Lake lake = clicks.open(clock, ClicksLake.windows());
        LiveService one = service(lake, RAW, WINDOWS, QUARTERS);
        LiveService other = service(clicks.open(clock, ClicksLake.windows()), RAW, WINDOWS, QUARTERS);
        List<CompletableFuture<Void>> runs = List.of(run(one), run(other));
        try {
            for (int batch = 0; batch < 10; batch++) {
                String second = "%02d".formatted(batch);
                clicks.send(IntStream.range(0, 10)
                        .mapToObj(i -> i % 2 == 0
                                ? ClicksLake.event("ana", "23:59:" + second, 1)
                                : ClicksLake.event(NEXT, "ana", "00:00:" + second, 1))
                        .toArray(String[]::new));
            }
            // Until the first step, there is no such table.
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(clicks.shown(lake, QUARTERS)).containsExactly("00:00 50", "23:45 50"));
        } finally {
            one.stop();
            other.stop();
            for (CompletableFuture<Void> run : runs) {
                run.join();
            }
        }
        assertThat(clicks.shown(lake, WINDOWS)).containsExactly("00:00 ana 50", "23:59 ana 50");
        assertThat(lake.ledger(RAW).read().partitions().stream()
                        .mapToLong(placed -> placed.partition().rows())
                        .sum())
                .isEqualTo(100);
    }

    private static CompletableFuture<Void> run(LiveService service) {
        return CompletableFuture.runAsync(() -> {
            try (service) {
                service.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void turnsUntilIdle(LiveService service, MovedClock clock) throws Exception {
        do {
            clock.forward(Duration.ofSeconds(1));
        } while (service.turn());
        clock.forward(Duration.ofSeconds(1));
        service.turn();
    }

    private static LiveService service(Lake lake, TableName... tables) throws Exception {
        return new LiveService(
                lake,
                BuiltInKinds.ALL,
                LiveService.choose(lake, List.of(tables)),
                local::spark,
                Duration.ofMillis(200),
                new SimpleMeterRegistry(),
                lake.clock());
    }
}
