package dev.igarape.bench.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A seeded stream of clicks. Some come late, a few of them by a day, and some are sent a second time, as a producer does
 * that did not get its answer. The same seed, times and numbers give the same clicks.
 */
public final class ClickGenerator {
    /** Of a million clicks, how many are late by at least so much. */
    enum Lateness {
        A_DAY(Duration.ofDays(1), 200),
        AN_HOUR(Duration.ofHours(1), 300),
        FIVE_MINUTES(Duration.ofMinutes(5), 5_000),
        THIRTY_SECONDS(Duration.ofSeconds(30), 10_000);

        private final Duration by;
        private final int perMillion;

        Lateness(Duration by, int perMillion) {
            this.by = by;
            this.perMillion = perMillion;
        }

        Duration by() {
            return by;
        }
    }

    private static final int MILLION = 1_000_000;
    private static final int DOUBLED_PER_MILLION = 5_000;
    /** How much later than its lateness says a late click is at most. */
    private static final Duration SPREAD = Duration.ofSeconds(5);

    private static final Duration BEFORE_SENT_AGAIN = Duration.ofSeconds(2);
    private static final int USERS = 100;
    private static final List<String> PAGES = List.of("/", "/search", "/products", "/cart", "/checkout", "/help");
    private static final List<String> EVENTS = List.of("click", "view", "submit");

    private final Random random;
    private final Deque<Again> again = new ArrayDeque<>();
    private long late;
    private long doubled;

    private record Again(Click click, Instant at) {}

    public ClickGenerator(long seed) {
        this.random = new Random(seed);
    }

    /**
     * The next clicks.
     *
     * @param now those that are not late happened at most {@code since} before it
     */
    public List<Click> next(Instant now, Duration since, int count) {
        List<Click> clicks = new ArrayList<>();
        while (clicks.size() < count && !again.isEmpty() && !again.peek().at().isAfter(now)) {
            clicks.add(again.remove().click());
            doubled++;
        }
        while (clicks.size() < count) {
            Instant time = now.minus(lateness()).minusMillis(random.nextInt((int) since.toMillis()));
            Click click = new Click(
                    time,
                    "user-" + random.nextInt(USERS),
                    PAGES.get(random.nextInt(PAGES.size())),
                    EVENTS.get(random.nextInt(EVENTS.size())));
            clicks.add(click);
            if (random.nextInt(MILLION) < DOUBLED_PER_MILLION) {
                again.add(new Again(click, now.plus(BEFORE_SENT_AGAIN)));
            }
        }
        return clicks;
    }

    private Duration lateness() {
        int draw = random.nextInt(MILLION);
        for (Lateness lateness : Lateness.values()) {
            draw -= lateness.perMillion;
            if (draw < 0) {
                late++;
                return lateness.by.plusMillis(random.nextInt((int) SPREAD.toMillis()));
            }
        }
        return Duration.ZERO;
    }

    /** How many were late by half a minute or more; one that is sent again counts once. */
    public long late() {
        return late;
    }

    /** How many were sent a second time. */
    public long doubled() {
        return doubled;
    }
}
