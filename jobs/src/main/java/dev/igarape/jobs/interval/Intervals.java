package dev.igarape.jobs.interval;

import dev.igarape.jobs.ledger.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Intervals of one length in a time zone.
 *
 * <p>They are aligned to 1970-01-01T00:00Z, as Spark's {@code window} aligns windows, so that each window lies in one of
 * them; the first and the last one of a date end where the date does. A date has more or fewer of them where its clocks
 * are changed.
 *
 * @param length whole minutes
 */
public record Intervals(Duration length, ZoneId zone) {
    private static final DateTimeFormatter LABEL = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter LABEL_WITH_OFFSET = DateTimeFormatter.ofPattern("HH:mmxxx", Locale.ROOT);

    /** From the first moment of a date to that of the next one. */
    public static TimeRange date(LocalDate date, ZoneId zone) {
        return new TimeRange(
                date.atStartOfDay(zone).toInstant(),
                date.plusDays(1).atStartOfDay(zone).toInstant());
    }

    /** Whether clocks are changed on a date, so that some of its local times are missing or stand for two moments. */
    public static boolean hasClockChange(LocalDate date, ZoneId zone) {
        TimeRange day = date(date, zone);
        return !zone.getRules().getOffset(day.from()).equals(zone.getRules().getOffset(day.until()));
    }

    /** All intervals of a date, in order. */
    public List<Interval> of(LocalDate date) {
        return overlapping(date, List.of(date(date, zone)));
    }

    /** Intervals of a date with a moment in one of these ranges, in order. */
    public List<Interval> overlapping(LocalDate date, Collection<TimeRange> ranges) {
        TimeRange day = date(date, zone);
        List<Interval> intervals = new ArrayList<>();
        long last = index(day.until().minusNanos(1));
        for (long index = index(day.from()); index <= last; index++) {
            TimeRange times = times(index, day);
            if (ranges.stream().anyMatch(times::overlaps)) {
                intervals.add(new Interval(date, index, times, label(times.from())));
            }
        }
        return intervals;
    }

    /** The times of those that overlap an interval of another length, in order, cut to it. */
    public List<TimeRange> within(Interval interval) {
        List<TimeRange> times = new ArrayList<>();
        long last = index(interval.times().until().minusNanos(1));
        for (long index = index(interval.times().from()); index <= last; index++) {
            times.add(times(index, interval.times()));
        }
        return times;
    }

    /** How many there are from one moment to another. */
    public long count(TimeRange range) {
        return index(range.until().minusNanos(1)) - index(range.from()) + 1;
    }

    private long index(Instant moment) {
        return Math.floorDiv(moment.getEpochSecond(), length.toSeconds());
    }

    private TimeRange times(long index, TimeRange day) {
        Instant from = Instant.ofEpochSecond(index * length.toSeconds());
        Instant until = from.plus(length);
        return new TimeRange(
                from.isBefore(day.from()) ? day.from() : from, until.isAfter(day.until()) ? day.until() : until);
    }

    private String label(Instant start) {
        ZonedDateTime local = start.atZone(zone);
        boolean twice = zone.getRules().getValidOffsets(local.toLocalDateTime()).size() > 1;
        return local.format(twice ? LABEL_WITH_OFFSET : LABEL);
    }
}
