package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.model.Input;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * Which rows of an input a date of its reader reads: those of the date, and with a lookback those of a number of earlier
 * dates, or of some time before the date begins.
 *
 * @param dates earlier dates that are read whole
 * @param time how far before a moment rows are read
 * @param zone in which the dates lie
 */
public record Reach(int dates, Duration time, ZoneId zone) {
    /** The reach of an input as its reader declares it. */
    public static Reach of(Input input, ZoneId zone) {
        return new Reach(input.lookback(), input.lookbackTime().orElse(Duration.ZERO), zone);
    }

    /** The moment from which rows are read where they have a time. */
    public Instant from(LocalDate date) {
        return date.minusDays(dates).atStartOfDay(zone).toInstant().minus(time);
    }

    /** Dates of the input that a date of the reader reads, ascending; the first one perhaps in part. */
    public List<LocalDate> datesOf(LocalDate date) {
        return from(date)
                .atZone(zone)
                .toLocalDate()
                .datesUntil(date.plusDays(1))
                .toList();
    }

    /** Dates of the reader that may read a date of the input, ascending. */
    public List<LocalDate> readersOf(LocalDate date) {
        Instant last =
                date.plusDays(1).atStartOfDay(zone).toInstant().minusNanos(1).plus(time);
        LocalDate until = last.atZone(zone).toLocalDate().plusDays(dates + 1L);
        return date.datesUntil(until).toList();
    }

    /** Whether a date of the reader reads rows of a partition; true where the times of its rows are not known. */
    public boolean reads(LocalDate date, PartitionVersion partition) {
        if (partition.date().isAfter(date)) {
            return false;
        }
        Instant from = from(date);
        return !partition.date().isBefore(date.minusDays(dates))
                || !partition.date().isBefore(from.atZone(zone).toLocalDate())
                        && partition
                                .times()
                                .map(times -> times.until().isAfter(from))
                                .orElse(true);
    }
}
