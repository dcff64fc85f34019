package dev.igarape.jobs.landing.kafka.output;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Tells which day of a time zone a moment belongs to. Not thread-safe: remembers the day asked for last. */
public final class DateResolver {
    /** First day of 1970 and last day of 9999, the days that a row may have. */
    static final long FIRST_DAY = 0;

    static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private static final long MILLIS_PER_DAY = 86_400_000L;
    /** A time zone is less than two days away from UTC. */
    private static final long MARGIN = 2 * MILLIS_PER_DAY;

    private final ZoneId zone;
    private final boolean utc;
    private long knownFrom = Long.MAX_VALUE;
    private long knownUntil = Long.MIN_VALUE;
    private long knownDay;

    public DateResolver(ZoneId zone) {
        this.zone = zone;
        this.utc = zone.normalized().equals(ZoneOffset.UTC);
    }

    /** The day of a moment, in days since the epoch; one outside of the range where the moment is far outside. */
    public long day(long epochMillis) {
        if (utc) {
            return Math.floorDiv(epochMillis, MILLIS_PER_DAY);
        }
        if (epochMillis >= knownFrom && epochMillis < knownUntil) {
            return knownDay;
        }
        if (epochMillis < -MARGIN || epochMillis > LAST_DAY * MILLIS_PER_DAY + MARGIN) {
            return Math.floorDiv(epochMillis, MILLIS_PER_DAY);
        }
        LocalDate date = Instant.ofEpochMilli(epochMillis).atZone(zone).toLocalDate();
        knownFrom = date.atStartOfDay(zone).toInstant().toEpochMilli();
        knownUntil = date.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
        knownDay = date.toEpochDay();
        return knownDay;
    }

    public static boolean inRange(long day) {
        return day >= FIRST_DAY && day <= LAST_DAY;
    }

    /** The nearest day that a row may have. */
    public static long clamp(long day) {
        return Math.max(FIRST_DAY, Math.min(LAST_DAY, day));
    }
}
