package dev.igarape.cli.topic;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A rate limiter for events.
 *
 * @param delay time between the starts of two events; one that took longer is made up for
 */
public record RateLimiter(Duration delay) {
    private static final double DEFAULT_RATE = 10;

    /**
     * The limiter for the user's options; ten events a second without any.
     *
     * @param delayMillis milliseconds between two events
     * @param rate events a second
     */
    public static RateLimiter of(Optional<Long> delayMillis, Optional<Double> rate) {
        if (delayMillis.isPresent() && rate.isPresent()) {
            throw new LakeException(
                    ExitCode.USAGE, "--delay and --rate say the same thing in two ways. Give one of them.");
        }
        if (delayMillis.filter(delay -> delay < 0).isPresent()
                || rate.filter(events -> !(events > 0)).isPresent()) {
            throw new LakeException(
                    ExitCode.USAGE, "--delay takes milliseconds from 0 on, --rate events a second above 0.");
        }
        double nanos = delayMillis.isPresent() ? delayMillis.get() * 1e6 : 1e9 / rate.orElse(DEFAULT_RATE);
        return new RateLimiter(Duration.ofNanos((long) nanos));
    }

    /** Waits until the event of this number may be sent. */
    void acquire(long start, long number) {
        long due = start + Math.multiplyExact(number, delay.toNanos());
        long left = due - System.nanoTime();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = due - System.nanoTime();
        }
    }
}
