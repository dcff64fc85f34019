package dev.igarape.model;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A half-open range of dates, such as a backfill's: {@code from} is included, {@code to} is not.
 *
 * @param from the first date
 * @param to the date after the last one; later than {@code from}
 */
public record DateRange(LocalDate from, LocalDate to) {
    private static final Pattern FORM = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final DateTimeFormatter STRICT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);

    public DateRange {
        if (!from.isBefore(to)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "No date lies from " + from + " to " + to + ": the range is half-open, so --to must be later than"
                            + " --from. For one day use --date " + from + ".");
        }
    }

    /** A range of one date. */
    public static DateRange of(LocalDate date) {
        return new DateRange(date, date.plusDays(1));
    }

    /**
     * The range that {@code --date}, {@code --from} and {@code --to} ask for: either the first alone or the others
     * together.
     *
     * @throws LakeException with {@link ExitCode#USAGE} for any other combination, a text that is not a calendar date,
     *     or a range without dates
     */
    public static DateRange parse(Optional<String> date, Optional<String> from, Optional<String> to) {
        if (date.isPresent()) {
            if (from.isPresent() || to.isPresent()) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "--date does not go with --from and --to. Give --date D for one day, or --from A --to B for"
                                + " the days from A up to, but not including, B.");
            }
            return of(parseDate("--date", date.get()));
        }
        if (from.isEmpty() || to.isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    missing(from, to) + " Give --date D for one day, or --from A --to B for the days from A up to,"
                            + " but not including, B.");
        }
        return new DateRange(parseDate("--from", from.get()), parseDate("--to", to.get()));
    }

    /**
     * Parses {@code yyyy-mm-dd}, nothing else, not even blanks around it.
     *
     * @param what names the value in the message, e.g. {@code --date}
     * @throws LakeException with {@link ExitCode#USAGE} where the text is not such a date
     */
    public static LocalDate parseDate(String what, String text) {
        if (text.isEmpty()) {
            throw new LakeException(ExitCode.USAGE, what + " is empty. Write a date as in 2024-01-31.");
        }
        if (!FORM.matcher(text).matches()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    what + " '" + printable(text) + "' is not a date. Write yyyy-mm-dd, as in 2024-01-31.");
        }
        try {
            return LocalDate.parse(text, STRICT);
        } catch (DateTimeParseException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    what + " '" + text + "' is not in the calendar. Write a date that exists, as in 2024-01-31.",
                    e);
        }
    }

    /** Every date of the range, in order. */
    public List<LocalDate> dates() {
        return from.datesUntil(to).collect(Collectors.toUnmodifiableList());
    }

    public boolean contains(LocalDate date) {
        return !date.isBefore(from) && date.isBefore(to);
    }

    private static String missing(Optional<String> from, Optional<String> to) {
        if (from.isPresent()) {
            return "--from came without --to.";
        }
        return to.isPresent() ? "--to came without --from." : "No date was given.";
    }

    /** The text cut to a line's length, with everything but plain characters replaced. */
    private static String printable(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.length() <= 40 ? plain : plain.substring(0, 40) + "…";
    }
}
