package dev.igarape.jobs.live;

import java.time.Duration;
import java.time.Instant;

/** Exponential back-off: a second after the first failure, twice as long after each further one, a minute at most. */
final class Backoff {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private Duration next = SHORTEST;
    private Instant until = Instant.MIN;

    /** Notes a failure; returns until when to wait. */
    Instant failed(Instant now) {
        until = now.plus(next);
        Duration twice = next.multipliedBy(2);
        next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
        return until;
    }

    void reset() {
        next = SHORTEST;
        until = Instant.MIN;
    }

    boolean waits(Instant now) {
        return now.isBefore(until);
    }

    Instant until() {
        return until;
    }
}
