package dev.igarape.cli.types;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What kind of value a type holds: its extreme values as text, how each engine is asked for a value in a form that its
 * own way of printing has no part in, and how that form reads.
 */
enum Kind {
    BOOLEAN(Map.of("min", "false", "max", "true")),
    SMALLINT(Map.of("min", "-32768", "max", "32767", "zero", "0", "negative", "-1")),
    INTEGER(Map.of("min", "-2147483648", "max", "2147483647", "zero", "0", "negative", "-1")),
    BIGINT(Map.of("min", "-9223372036854775808", "max", "9223372036854775807", "zero", "0", "negative", "-1")),
    FLOAT(floats("3.4028235E38")),
    DOUBLE(floats("1.7976931348623157E308")),
    DECIMAL(Map.of(
            "min", "-99999999999999999999.999999999999999999",
            "max", "99999999999999999999.999999999999999999",
            "zero", "0.000000000000000000",
            "negative", "-0.000000000000000001")),
    /** decimal(9,2). */
    SMALL_DECIMAL(Map.of("min", "-9999999.99", "max", "9999999.99", "zero", "0.00", "negative", "-0.01")),
    TEXT(Map.of("empty", "", "emoji", "🌴 ação 👩🏽‍🚀", "10 MB", "x".repeat(10 << 20))),
    /** Few letters; for types whose text has a form. */
    NAME(Map.of("max", "a2b5c0ff-0000-4000-8000-0123456789ab")),
    /** As hexadecimal digits. */
    BYTES(Map.of("empty", "", "max", "ff00")),
    /** Two bytes. */
    FIXED(Map.of("min", "0000", "max", "ff00")),
    DATE(Map.of("zero", "1970-01-01", "negative", "1969-12-31", "year 1", "0001-01-01", "year 9999", "9999-12-31")),
    /** A moment, in UTC. */
    INSTANT(moments("Z", "9996")),
    INSTANT_MILLIS(moments("Z", "")),
    /** A date and time without a zone. */
    WALL(moments("", "9996")),
    WALL_MILLIS(moments("", "")),
    /** As JSON. */
    NESTED(Map.of());

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> extremes;

    Kind(Map<String, String> extremes) {
        this.extremes = Map.copyOf(extremes);
    }

    private static Map<String, String> floats(String max) {
        return Map.of(
                "min", "-" + max, "max", max, "zero", "0.0", "negative", "-1.5", "NaN", "NaN", "infinity", "Infinity");
    }

    /** Year 1 at noon, so that it is year 1 in every zone. */
    private static Map<String, String> moments(String zone, String beyondMillis) {
        Map<String, String> moments = new LinkedHashMap<>();
        moments.put("zero", "1970-01-01T00:00:00" + zone);
        moments.put("negative", "1899-12-31T23:59:59.999" + zone);
        if (!beyondMillis.isEmpty()) {
            moments.put("micros", "2024-01-15T23:59:59.999600" + zone);
        }
        moments.put("year 1", "0001-01-01T12:00:00" + zone);
        moments.put("year 9999", "9999-12-31T23:59:59.999" + (beyondMillis.isEmpty() ? "" : "999") + zone);
        return moments;
    }

    /** Text of each extreme value, by its name. */
    Map<String, String> extremes() {
        return extremes;
    }

    /** Spark SQL for the value's plain form. */
    String inSpark(String value) {
        return switch (this) {
            case TEXT -> "concat(char_length(%1$s), ' ', md5(%1$s))".formatted(value);
            case BYTES, FIXED -> "lower(hex(" + value + "))";
            case INSTANT, INSTANT_MILLIS -> "CAST(unix_micros(" + value + ") AS STRING)";
            case NESTED -> "to_json(" + value + ")";
            default -> "CAST(" + value + " AS STRING)";
        };
    }

    /** Trino SQL for the value's plain form; a moment is shown in UTC. */
    String inTrino(String value) {
        return switch (this) {
            case TEXT -> "CAST(length(%1$s) AS varchar) || ' ' || lower(to_hex(md5(to_utf8(%1$s))))".formatted(value);
            case BYTES, FIXED -> "lower(to_hex(" + value + "))";
            // Trino prints seven digits of a real, which is one less than tells all of them apart.
            case FLOAT -> "CAST(CAST(" + value + " AS double) AS varchar)";
            case NESTED -> "json_format(CAST(" + value + " AS json))";
            default -> "CAST(" + value + " AS varchar)";
        };
    }

    /** The plain form that the text of an extreme value has. */
    String plain(String extreme) {
        return switch (this) {
            case TEXT -> extreme.codePointCount(0, extreme.length()) + " " + md5(extreme);
            case INSTANT, INSTANT_MILLIS -> Long.toString(micros(Instant.parse(extreme)));
            default -> extreme;
        };
    }

    /** A plain form without what engines may spell in their own ways. */
    Object comparable(String plain) {
        return switch (this) {
            case FLOAT -> Float.valueOf(plain);
            case DOUBLE -> Double.valueOf(plain);
            case DECIMAL, SMALL_DECIMAL -> new BigDecimal(plain);
            case INSTANT, INSTANT_MILLIS ->
                plain.matches("-?[0-9]+")
                        ? Long.valueOf(plain)
                        : (Object) micros(
                                LocalDateTime.parse(plain.replace(' ', 'T')).toInstant(ZoneOffset.UTC));
            case WALL, WALL_MILLIS -> LocalDateTime.parse(plain.replace(' ', 'T'));
            case NESTED -> json(plain);
            default -> plain;
        };
    }

    /** Microseconds since 1970. */
    static long micros(Instant moment) {
        return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1000;
    }

    private static Object json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
