package dev.igarape.model;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as definitions write them: {@code 30 seconds}, {@code 5 minutes}, {@code 1 hour}, {@code 7 days}. */
public final class DurationText {
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,5}) (second|minute|hour|day)s?");
    private static final List<ChronoUnit> LARGEST_FIRST =
            List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES, ChronoUnit.SECONDS);

    private DurationText() {}

    /** Parses a number and one of these units; empty for anything else. */
    public static Optional<Duration> parse(String text, ChronoUnit... units) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        ChronoUnit unit = ChronoUnit.valueOf(form.group(2).toUpperCase(Locale.ROOT) + "S");
        return List.of(units).contains(unit)
                ? Optional.of(Duration.of(Long.parseLong(form.group(1)), unit))
                : Optional.empty();
    }

    /** A duration of whole seconds in the largest unit that needs no fraction; others as ISO-8601 has them. */
    public static String of(Duration duration) {
        for (ChronoUnit unit : LARGEST_FIRST) {
            long length = unit.getDuration().toSeconds();
            if (duration.getNano() == 0 && !duration.isZero() && duration.toSeconds() % length == 0) {
                long count = duration.toSeconds() / length;
                String name = unit.toString().toLowerCase(Locale.ROOT);
                return count + " " + (count == 1 ? name.substring(0, name.length() - 1) : name);
            }
        }
        return duration.toString();
    }
}
