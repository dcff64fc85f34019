package dev.igarape.jobs.testing;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is moved. */
public final class MovedClock extends Clock {
    // Leases are renewed in threads of their own.
    private volatile Instant now;

    public MovedClock() {
        this("2024-01-05T10:00:00Z");
    }

    /** @param now what it says at first, such as {@code 2024-01-05T10:00:00Z} */
    public MovedClock(String now) {
        set(now);
    }

    /** Has it say this, before or after what it says. */
    public void set(String moment) {
        now = Instant.parse(moment);
    }

    public void forward(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
