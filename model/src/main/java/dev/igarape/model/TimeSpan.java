package dev.igarape.model;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A short time on a command line, as {@code 500ms}, {@code 1s} or {@code 2m}. */
public final class TimeSpan {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})\\s*(ms|s|m)");
    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    private TimeSpan() {}

    /**
     * Parses the value of an option.
     *
     * @throws LakeException USAGE if it is no time from 100 milliseconds to an hour
     */
    public static Duration parse(String option, String text) {
        Matcher form = FORM.matcher(text.strip());
        if (form.matches()) {
            long number = Long.parseLong(form.group(1));
            Duration span = switch (form.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
            if (span.compareTo(SHORTEST) >= 0 && span.compareTo(LONGEST) <= 0) {
                return span;
            }
        }
        throw new LakeException(
                ExitCode.USAGE,
                option + " '" + text + "' is no time from 100 ms to 60 minutes. Write a number and its unit, as in"
                        + " 500ms, 1s or 2m.");
    }
}
