package dev.igarape.jobs.landing.kafka.output;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Resolves instants to days of a time zone. Not thread-safe: it caches the last day. */
public final class DateResolver {
    /** First day of 1970 and last day of 9999, the limits for a row's date. */
    static final long FIRST_DAY = 0;

    static final long LAST_DAY = LocalDate.of(9999, 12, 31).toEpochDay();

    private static final long MILLIS_PER_DAY = 86_400_000L;
    /** A time zone's offset from UTC is less than two days. */
    private static final long MARGIN = 2 * MILLIS_PER_DAY;

    private final ZoneId zone;
    private final boolean utc;
    private long cachedFrom = Long.MAX_VALUE;
    private long cachedUntil = Long.MIN_VALUE;
    private long cachedDay;

    public DateResolver(ZoneId zone) {
        this.zone = zone;
        this.utc = zone.normalized().equals(ZoneOffset.UTC);
    }

    /** The day of an instant, in days since the epoch; out of range if the instant is far outside. */
    public long day(long epochMillis) {
        if (utc) {
            return Math.floorDiv(epochMillis, MILLIS_PER_DAY);
        }
        if (epochMillis >= cachedFrom && epochMillis < cachedUntil) {
            return cachedDay;
        }
        if (epochMillis < -MARGIN || epochMillis > LAST_DAY * MILLIS_PER_DAY + MARGIN) {
            return Math.floorDiv(epochMillis, MILLIS_PER_DAY);
        }
        LocalDate date = Instant.ofEpochMilli(epochMillis).atZone(zone).toLocalDate();
        cachedFrom = date.atStartOfDay(zone).toInstant().toEpochMilli();
        cachedUntil = date.plusDays(1).atStartOfDay(zone).toInstant().toEpochMilli();
        cachedDay = date.toEpochDay();
        return cachedDay;
    }

    /** The first moment of a day, in milliseconds since the epoch. */
    public long start(long day) {
        return utc
                ? day * MILLIS_PER_DAY
                : LocalDate.ofEpochDay(day).atStartOfDay(zone).toInstant().toEpochMilli();
    }

    /** The day of a local time, which counts milliseconds since 1970-01-01T00:00 of the same clock. */
    public static long localDay(long millis) {
        return Math.floorDiv(millis, MILLIS_PER_DAY);
    }

    /** The moment of a local time, in milliseconds since the epoch; one that occurs twice is the first of the two. */
    public long moment(long localMillis) {
        return utc
                ? localMillis
                : LocalDateTime.ofInstant(Instant.ofEpochMilli(localMillis), ZoneOffset.UTC)
                        .atZone(zone)
                        .toInstant()
                        .toEpochMilli();
    }

    public static boolean inRange(long day) {
        return day >= FIRST_DAY && day <= LAST_DAY;
    }

    /** The nearest day within the limits. */
    public static long clamp(long day) {
        return Math.max(FIRST_DAY, Math.min(LAST_DAY, day));
    }
}
