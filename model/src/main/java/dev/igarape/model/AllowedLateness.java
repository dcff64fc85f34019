package dev.igarape.model;

import java.time.temporal.ChronoUnit;

/**
 * The allowed lateness of a table with {@code wait_for: complete}: a date is built only once its inputs are complete.
 *
 * @param latenessSeconds how long after the end of a date its rows may still come; 0 or more
 */
public record AllowedLateness(long latenessSeconds) {
    /** Parses a lateness, {@code 30 minutes}, {@code 2 hours}, {@code 1 day}; IllegalArgumentException otherwise. */
    public static AllowedLateness parse(String text) {
        return DurationText.parse(text, ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS)
                .map(lateness -> new AllowedLateness(lateness.toSeconds()))
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + text + "' is not a time to wait: write for example 30 minutes, 2 hours or 1 day"));
    }
}
