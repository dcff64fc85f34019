package dev.igarape.model;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The allowed lateness of a table with {@code wait_for: complete}: a date is built only once its inputs are complete.
 *
 * @param latenessSeconds how long after the end of a date its rows may still come; 0 or more
 */
public record AllowedLateness(long latenessSeconds) {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5}) (minute|hour|day)s?");

    /** Parses a lateness, {@code 30 minutes}, {@code 2 hours}, {@code 1 day}; IllegalArgumentException otherwise. */
    public static AllowedLateness parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time to wait: write for example 30 minutes, 2 hours or 1 day");
        }
        long count = Long.parseLong(form.group(1));
        Duration lateness = switch (form.group(2)) {
            case "minute" -> Duration.ofMinutes(count);
            case "hour" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        return new AllowedLateness(lateness.toSeconds());
    }
}
