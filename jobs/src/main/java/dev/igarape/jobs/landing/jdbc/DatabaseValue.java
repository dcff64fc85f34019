package dev.igarape.jobs.landing.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Converts a database's text to a value of a type without nesting, exactly or not at all. The exception are {@code
 * float} and {@code double}, which take the nearest value.
 */
final class DatabaseValue {
    private static final Pattern DATE = Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)");
    private static final Pattern TIMESTAMP =
            Pattern.compile(DATE.pattern() + "[ T](\\d\\d):(\\d\\d):(\\d\\d)(?:[.](\\d{1,6}))?");
    private static final Pattern MOMENT =
            Pattern.compile("(" + TIMESTAMP.pattern() + ")([+-]\\d\\d(?::\\d\\d){0,2}|Z)");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+([.]\\d+)?([eE][+-]?\\d{1,6})?");
    private static final Pattern NOT_FINITE = Pattern.compile("NaN|-?Infinity");

    /** Last year of dates and timestamps that all engines can show. */
    private static final int LAST_YEAR = 9999;

    private DatabaseValue() {}

    /**
     * The value in the class that Spark uses for the type; empty if the text is not such a value.
     *
     * @param timezone for local times if the type is timestamp
     */
    static Optional<Object> read(String text, DataType type, ZoneId timezone) {
        try {
            if (type instanceof StringType) {
                return Optional.of(text);
            }
            if (type instanceof DecimalType decimal) {
                return number(text).flatMap(number -> decimal(number, decimal)).map(Object.class::cast);
            }
            if (type instanceof DateType) {
                return date(text).map(Object.class::cast);
            }
            if (type instanceof TimestampNTZType) {
                return timestamp(text).map(Object.class::cast);
            }
            if (type instanceof TimestampType) {
                return moment(text, timezone).map(Object.class::cast);
            }
            if (type instanceof BooleanType) {
                return text.matches("true|false|t|f") ? Optional.of(text.startsWith("t")) : Optional.empty();
            }
            if (type instanceof BinaryType) {
                return text.startsWith("\\x")
                        ? Optional.of(HexFormat.of().parseHex(text, 2, text.length()))
                        : Optional.empty();
            }
            if (type instanceof FloatType || type instanceof DoubleType) {
                return floating(text, type instanceof FloatType);
            }
            return whole(text, type);
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A type that holds this text, which {@code type} can't; empty if only a string does. */
    static Optional<String> widerType(String text, DataType type) {
        boolean numeric = type instanceof DecimalType
                || type instanceof ByteType
                || type instanceof ShortType
                || type instanceof IntegerType
                || type instanceof LongType;
        if (numeric && NOT_FINITE.matcher(text).matches()) {
            return Optional.of("double");
        }
        if (type instanceof TimestampType
                && read(text, DataTypes.TimestampNTZType, ZoneOffset.UTC).isPresent()) {
            return Optional.of("timestamp_ntz");
        }
        if (!numeric) {
            return Optional.empty();
        }
        return number(text).map(BigDecimal::stripTrailingZeros).flatMap(number -> {
            int scale = Math.max(number.scale(), 0);
            int digits = Math.max(number.precision() - number.scale(), 0) + scale;
            return digits <= DecimalType.MAX_PRECISION()
                    ? Optional.of("decimal(" + DecimalType.MAX_PRECISION() + "," + scale + ")")
                    : Optional.empty();
        });
    }

    private static Optional<BigDecimal> number(String text) {
        return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }

    private static Optional<BigDecimal> decimal(BigDecimal number, DecimalType type) {
        BigDecimal stripped = number.stripTrailingZeros();
        boolean fits = stripped.scale() <= type.scale()
                && stripped.precision() - stripped.scale() <= type.precision() - type.scale();
        return fits || stripped.signum() == 0 ? Optional.of(stripped.setScale(type.scale())) : Optional.empty();
    }

    private static Optional<Object> whole(String text, DataType type) {
        Optional<BigInteger> whole = number(text)
                .map(BigDecimal::stripTrailingZeros)
                .filter(number -> number.scale() <= 0 && number.precision() - number.scale() <= 19)
                .map(BigDecimal::toBigIntegerExact);
        if (whole.isEmpty()) {
            return Optional.empty();
        }
        if (type instanceof ByteType) {
            return Optional.of(whole.get().byteValueExact());
        }
        if (type instanceof ShortType) {
            return Optional.of(whole.get().shortValueExact());
        }
        if (type instanceof IntegerType) {
            return Optional.of(whole.get().intValueExact());
        }
        return type instanceof LongType ? Optional.of(whole.get().longValueExact()) : Optional.empty();
    }

    private static Optional<Object> floating(String text, boolean single) {
        boolean finite = NUMBER.matcher(text).matches();
        if (!finite && !NOT_FINITE.matcher(text).matches()) {
            return Optional.empty();
        }
        double number = single ? Float.parseFloat(text) : Double.parseDouble(text);
        if (finite && Double.isInfinite(number)) {
            return Optional.empty();
        }
        return single ? Optional.of((float) number) : Optional.of(number);
    }

    private static Optional<LocalDate> date(String text) {
        Matcher match = DATE.matcher(text);
        return match.matches() ? Optional.of(date(match, 0)).filter(date -> date.getYear() > 0) : Optional.empty();
    }

    private static Optional<LocalDateTime> timestamp(String text) {
        Matcher match = TIMESTAMP.matcher(text);
        return match.matches() ? Optional.of(timestamp(match, 0)).filter(time -> time.getYear() > 0) : Optional.empty();
    }

    private static Optional<Instant> moment(String text, ZoneId timezone) {
        Matcher match = MOMENT.matcher(text);
        Optional<Instant> moment = match.matches()
                ? Optional.of(timestamp(match, 1).toInstant(ZoneOffset.of(match.group(match.groupCount()))))
                : timestamp(text).flatMap(time -> moment(time, timezone));
        return moment.filter(instant -> {
            int year = instant.atOffset(ZoneOffset.UTC).getYear();
            return year > 0 && year <= LAST_YEAR;
        });
    }

    /** The earlier instant if the local time occurs twice; empty if it does not occur. */
    private static Optional<Instant> moment(LocalDateTime time, ZoneId timezone) {
        List<ZoneOffset> offsets = timezone.getRules().getValidOffsets(time);
        return offsets.isEmpty() ? Optional.empty() : Optional.of(time.toInstant(offsets.get(0)));
    }

    private static LocalDate date(Matcher match, int before) {
        return LocalDate.of(
                Integer.parseInt(match.group(before + 1)),
                Integer.parseInt(match.group(before + 2)),
                Integer.parseInt(match.group(before + 3)));
    }

    private static LocalDateTime timestamp(Matcher match, int before) {
        String fraction = match.group(before + 7) == null ? "" : match.group(before + 7);
        return date(match, before)
                .atTime(
                        Integer.parseInt(match.group(before + 4)),
                        Integer.parseInt(match.group(before + 5)),
                        Integer.parseInt(match.group(before + 6)),
                        Integer.parseInt((fraction + "000000000").substring(0, 9)));
    }
}
