package dev.igarape.model;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The retention period of commits, counted from the commit time, not from the date that was built.
 *
 * @param time empty: forever
 */
public record Retention(Optional<Duration> time) {
    public static final Retention FOREVER = new Retention(Optional.empty());

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5}) (day|hour)s?");

    /** Parses {@code forever}, {@code 7 days}, {@code 48 hours}; throws IllegalArgumentException for anything else. */
    public static Retention parse(String text) {
        if (text.equals("forever")) {
            return FOREVER;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a time to keep commits: write for example 7 days," + " 48 hours or forever");
        }
        long count = Long.parseLong(form.group(1));
        return new Retention(
                Optional.of(form.group(2).equals("day") ? Duration.ofDays(count) : Duration.ofHours(count)));
    }
}
