package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.landing.jdbc.dialect.Dialect;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;

/**
 * The rows whose key lies in a range, which is the same in the database and in the lake: texts are compared by their bytes in
 * UTF-8, numbers by their value.
 *
 * @param column the key's name, in the lake and in the database
 * @param type its type in the lake
 * @param from those whose key is not less, numbers without an exponent; empty: from the first on
 * @param to those whose key is less; empty: to the last
 */
public record KeyRange(String column, String type, Optional<String> from, Optional<String> to) {
    /** @throws LakeException USAGE if the type is one of numbers or dates and has no such value */
    public KeyRange {
        DataType keys = DataType.fromDDL(type);
        from = from.map(text -> value(column, keys, text));
        to = to.map(text -> value(column, keys, text));
    }

    /** What is no such value becomes 0 in MariaDB and null in Spark, so that all keys would seem to differ. */
    private static String value(String column, DataType type, String text) {
        if (!(type instanceof NumericType) && !(type instanceof DateType)) {
            return text;
        }
        try {
            String value = DatabaseValue.read(text, type, ZoneOffset.UTC)
                    .orElseThrow(IllegalArgumentException::new)
                    .toString();
            return type instanceof NumericType ? new BigDecimal(value).toPlainString() : value;
        } catch (IllegalArgumentException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot compare keys from or to '" + text + "': the key " + column + " is of the type "
                            + type.catalogString() + ", which has no such value. Give one that it has.",
                    e);
        }
    }

    /** The condition in the database's SQL; empty text: none. */
    String sql(Dialect dialect, List<LandedColumn> columns) {
        LandedColumn key = columns.stream()
                .filter(landed -> landed.name().equals(column))
                .findFirst()
                .orElseThrow();
        String shown = key.type() instanceof StringType
                ? key.source().byBytes()
                : dialect.quoted(key.source().name());
        List<String> conditions = new ArrayList<>();
        from.ifPresent(text -> conditions.add(shown + " >= " + literal(dialect, key, text)));
        to.ifPresent(text -> conditions.add(shown + " < " + literal(dialect, key, text)));
        return String.join(" AND ", conditions);
    }

    /** A number between quotes would be compared as a double in MariaDB. */
    private static String literal(Dialect dialect, LandedColumn key, String text) {
        return key.type() instanceof NumericType ? text : dialect.literal(text);
    }
}
