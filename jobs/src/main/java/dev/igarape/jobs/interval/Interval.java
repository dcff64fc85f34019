package dev.igarape.jobs.interval;

import dev.igarape.jobs.ledger.TimeRange;
import java.time.LocalDate;

/**
 * A part of a date.
 *
 * @param index number of interval lengths since 1970-01-01T00:00Z, by which Spark names the interval's folder
 * @param times of its rows, within the date
 * @param label its start as local time, {@code 23:05}, which is its partition value; where the local time occurs twice in
 *     the date, with the offset from UTC, {@code 23:05-03:00}
 */
public record Interval(LocalDate date, long index, TimeRange times, String label) {}
