package dev.igarape.jobs.live;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The clock of all waits. It begins with the time of day, and then goes on evenly when somebody sets that. */
final class SteadyClock implements InstantSource {
    private final Instant begin;
    private final long nanos = System.nanoTime();

    SteadyClock(Instant begin) {
        this.begin = begin;
    }

    @Override
    public Instant instant() {
        return begin.plus(Duration.ofNanos(System.nanoTime() - nanos));
    }
}
