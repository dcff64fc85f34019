package dev.igarape.model;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The retention period of commits, counted from the commit time, not from the date that was built.
 *
 * @param time empty: forever
 */
public record Retention(Optional<Duration> time) {
    public static final Retention FOREVER = new Retention(Optional.empty());

    /** Parses {@code forever}, {@code 7 days}, {@code 48 hours}; throws IllegalArgumentException for anything else. */
    public static Retention parse(String text) {
        if (text.equals("forever")) {
            return FOREVER;
        }
        return DurationText.parse(text, ChronoUnit.HOURS, ChronoUnit.DAYS)
                .map(time -> new Retention(Optional.of(time)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is not a time to keep commits: write for example 7 days, 48 hours or forever"));
    }
}
