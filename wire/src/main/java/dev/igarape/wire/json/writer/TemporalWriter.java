package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.function.Function;

/** A writer of dates and times, from ISO 8601 in a string or the number that Avro stores. Never rounds. */
final class TemporalWriter implements ValueWriter {
    private static final long MILLIS = 1_000;
    private static final long MICROS = 1_000_000;
    private static final long NANOS = 1_000_000_000;
    private static final long SECONDS_PER_DAY = 86_400;

    private final String type;
    private final String expected;
    private final Function<String, Point> parse;
    private final long unitsPerSecond;
    private final long min;
    private final long max;

    private TemporalWriter(
            String type, String expected, Function<String, Point> parse, long unitsPerSecond, long min, long max) {
        this.type = type;
        this.expected = expected;
        this.parse = parse;
        this.unitsPerSecond = unitsPerSecond;
        this.min = min;
        this.max = max;
    }

    static TemporalWriter date() {
        return new TemporalWriter(
                "date",
                "a date such as \"2024-01-31\", or days since 1970-01-01",
                text -> new Point(LocalDate.parse(text).toEpochDay(), 0),
                1,
                Integer.MIN_VALUE,
                Integer.MAX_VALUE);
    }

    static TemporalWriter timeMillis() {
        return time("time-millis", "12:30:15.123", "milliseconds", MILLIS);
    }

    static TemporalWriter timeMicros() {
        return time("time-micros", "12:30:15.123456", "microseconds", MICROS);
    }

    static TemporalWriter timestampMillis() {
        return timestamp("timestamp-millis", "2024-01-31T12:30:15.123Z", "milliseconds", MILLIS);
    }

    static TemporalWriter timestampMicros() {
        return timestamp("timestamp-micros", "2024-01-31T12:30:15.123456Z", "microseconds", MICROS);
    }

    static TemporalWriter localTimestampMillis() {
        return localTimestamp("local-timestamp-millis", "2024-01-31T12:30:15.123", "milliseconds", MILLIS);
    }

    static TemporalWriter localTimestampMicros() {
        return localTimestamp("local-timestamp-micros", "2024-01-31T12:30:15.123456", "microseconds", MICROS);
    }

    private static TemporalWriter time(String type, String example, String unit, long unitsPerSecond) {
        return new TemporalWriter(
                type,
                "a time such as \"" + example + "\", or " + unit + " since midnight",
                text -> {
                    LocalTime time = LocalTime.parse(text);
                    return new Point(time.toSecondOfDay(), time.getNano());
                },
                unitsPerSecond,
                0,
                SECONDS_PER_DAY * unitsPerSecond - 1);
    }

    private static TemporalWriter timestamp(String type, String example, String unit, long unitsPerSecond) {
        return new TemporalWriter(
                type,
                "a timestamp with its offset such as \"" + example + "\", or " + unit + " since 1970-01-01T00:00:00Z",
                text -> {
                    OffsetDateTime timestamp = OffsetDateTime.parse(text);
                    return new Point(timestamp.toEpochSecond(), timestamp.getNano());
                },
                unitsPerSecond,
                Long.MIN_VALUE,
                Long.MAX_VALUE);
    }

    private static TemporalWriter localTimestamp(String type, String example, String unit, long unitsPerSecond) {
        return new TemporalWriter(
                type,
                "a timestamp without offset such as \"" + example + "\", or " + unit + " since 1970-01-01T00:00:00",
                text -> {
                    LocalDateTime timestamp = LocalDateTime.parse(text);
                    return new Point(timestamp.toEpochSecond(ZoneOffset.UTC), timestamp.getNano());
                },
                unitsPerSecond,
                Long.MIN_VALUE,
                Long.MAX_VALUE);
    }

    @Override
    public void write(ConversionContext conversion) throws IOException {
        if (conversion.token() == JsonToken.VALUE_STRING) {
            writeText(conversion);
        } else if (ScalarWriters.isNumber(conversion.token())) {
            OptionalLong value = Numbers.wholeNumber(conversion, type, min, max);
            if (value.isPresent()) {
                conversion.out().writeLong(value.getAsLong());
            }
        } else {
            conversion.mismatch(expected);
        }
    }

    private void writeText(ConversionContext conversion) throws IOException {
        Point point;
        try {
            point = parse.apply(conversion.parser().getText());
        } catch (DateTimeException e) {
            conversion.mismatch(expected);
            return;
        }
        long nanosPerUnit = NANOS / unitsPerSecond;
        if (point.nanos() % nanosPerUnit != 0) {
            conversion.error(conversion.describe() + " is more precise than " + type + ", which does not round");
            return;
        }
        try {
            long units =
                    Math.addExact(Math.multiplyExact(point.seconds(), unitsPerSecond), point.nanos() / nanosPerUnit);
            if (units >= min && units <= max) {
                conversion.out().writeLong(units);
                return;
            }
        } catch (ArithmeticException e) {
            // Reported below, together with values that fit a long but not the type.
        }
        conversion.error(conversion.describe() + " is out of range for " + type);
    }

    @Override
    public boolean accepts(JsonToken first) {
        return first == JsonToken.VALUE_STRING || ScalarWriters.isNumber(first);
    }

    /**
     * A point in time, or of the day.
     *
     * @param seconds since the epoch or midnight; for dates: days
     */
    private record Point(long seconds, int nanos) {}
}
