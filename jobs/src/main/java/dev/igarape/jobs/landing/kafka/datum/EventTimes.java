package dev.igarape.jobs.landing.kafka.datum;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Event times of landed values, read just as the landing has read them. A value that says only its day has the first moment
 * of that day.
 */
public final class EventTimes {
    private EventTimes() {}

    /** Of an ISO-8601 text; null, as Spark's functions have it, where the text says none. */
    public static Instant ofText(String text, ZoneId zone) {
        IsoTime time = new IsoTime();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        time.parse(bytes, 0, bytes.length);
        return instant(time.kind(), time.value(), zone);
    }

    /** Of a field of a JSON text; likewise. */
    public static Instant ofJson(String text, String field, ZoneId zone) {
        JsonDatum datum = new JsonDatum(Optional.of(field));
        datum.check(text.getBytes(StandardCharsets.UTF_8));
        return instant(datum.eventTimeKind(), datum.eventTime(), zone);
    }

    private static Instant instant(EventTimeKind kind, long value, ZoneId zone) {
        return switch (kind) {
            case INSTANT -> Instant.ofEpochMilli(value);
            case LOCAL_DAY -> LocalDate.ofEpochDay(value).atStartOfDay(zone).toInstant();
            case LOCAL_TIME ->
                LocalDateTime.ofInstant(Instant.ofEpochMilli(value), ZoneOffset.UTC)
                        .atZone(zone)
                        .toInstant();
            case ABSENT, UNREADABLE -> null;
        };
    }
}
