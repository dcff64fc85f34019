package dev.igarape.jobs.landing.jdbc.dialect;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;

/**
 * A column as MariaDB shows it.
 *
 * @param type e.g. {@code decimal(10,2) unsigned}
 * @param kind its first word
 * @param precision the first number in brackets; 0: none
 * @param scale the second one; 0: none
 */
record MariaDbColumn(String name, String type, String kind, int precision, int scale, boolean unsigned)
        implements SourceColumn {
    private static final Pattern TYPE =
            Pattern.compile("([a-z0-9_]+)(?:\\((\\d+)(?:,(\\d+))?\\))?(.*)", Pattern.DOTALL);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);

    private static final Set<String> WHOLE = Set.of("tinyint", "smallint", "mediumint", "int", "bigint");
    /** Types whose values are read as they are. */
    private static final Set<String> TEXTS = Set.of("varchar", "tinytext", "text", "mediumtext", "longtext", "json");
    /** Types that are read as CAST writes them. Spark would fill up values of char, enum and set with blanks. */
    private static final Set<String> WRITTEN = Set.of("char", "enum", "set", "time", "inet4", "inet6", "uuid");

    private static final Set<String> BYTES =
            Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");
    private static final Map<String, DataType> TYPES = types();
    private static final Map<String, DataType> UNSIGNED = Map.of(
            "tinyint", DataTypes.ShortType,
            "smallint", DataTypes.IntegerType,
            "int", DataTypes.LongType,
            "bigint", new DecimalType(20, 0));

    private static Map<String, DataType> types() {
        Map<String, DataType> types = new HashMap<>(Map.of(
                "tinyint", DataTypes.ByteType,
                "smallint", DataTypes.ShortType,
                "mediumint", DataTypes.IntegerType,
                "int", DataTypes.IntegerType,
                "bigint", DataTypes.LongType,
                "year", DataTypes.ShortType,
                "float", DataTypes.FloatType,
                "double", DataTypes.DoubleType));
        types.put("date", DataTypes.DateType);
        types.put("datetime", DataTypes.TimestampNTZType);
        types.put("timestamp", DataTypes.TimestampType);
        BYTES.forEach(kind -> types.put(kind, DataTypes.BinaryType));
        TEXTS.forEach(kind -> types.put(kind, DataTypes.StringType));
        WRITTEN.forEach(kind -> types.put(kind, DataTypes.StringType));
        return Map.copyOf(types);
    }

    /** @param type as {@code SHOW COLUMNS} shows it */
    static MariaDbColumn of(String name, String type) {
        Matcher parts = TYPE.matcher(type);
        if (!parts.matches()) {
            return new MariaDbColumn(name, type, "", 0, 0, false);
        }
        return new MariaDbColumn(
                name,
                type,
                parts.group(1),
                number(parts.group(2)),
                number(parts.group(3)),
                WHOLE.contains(parts.group(1)) && parts.group(4).contains("unsigned"));
    }

    private static int number(String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    @Override
    public boolean isReadable() {
        return TYPES.containsKey(kind) || kind.equals("decimal") || kind.equals("bit");
    }

    @Override
    public DataType lakeType() {
        if (kind.equals("decimal")) {
            return new DecimalType(Math.min(precision, DecimalType.MAX_PRECISION()), scale);
        }
        if (kind.equals("bit")) {
            return precision == 1 ? DataTypes.BooleanType : DataTypes.StringType;
        }
        DataType type = TYPES.getOrDefault(kind, DataTypes.StringType);
        return unsigned ? UNSIGNED.getOrDefault(kind, type) : type;
    }

    @Override
    public String text(DataType type) {
        String column = MariaDbDialect.identifier(name);
        if (TEXTS.contains(kind)) {
            return column;
        }
        if (BYTES.contains(kind)) {
            return bytes(column, type);
        }
        if (WHOLE.contains(kind)) {
            return whole(column, type);
        }
        switch (kind) {
            case "bit":
                // Bits are bytes to CAST.
                return type instanceof StringType
                        ? "LPAD(BIN(" + column + " + 0), " + precision + ", '0')"
                        : whole(column + " + 0", type);
            case "float":
            case "double":
                // A float is written with six digits, as many as a double that is the same number has otherwise.
                return written(column + " * 1E0");
            case "timestamp":
                return "CONCAT(" + written(column) + ", '+00')";
            default:
                return written(column);
        }
    }

    @Override
    public String byBytes() {
        return "CAST(CONVERT(" + text(DataTypes.StringType) + " USING utf8mb4) AS BINARY)";
    }

    private static String written(String expression) {
        return "CAST(" + expression + " AS CHAR)";
    }

    private static String whole(String number, DataType type) {
        return type instanceof BooleanType
                ? "CASE " + number + " WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE " + written(number) + " END"
                : written(number);
    }

    /** Bytes as they are, for CONCAT would make a null of more than max_allowed_packet; or their digits. */
    private static String bytes(String column, DataType type) {
        if (type instanceof BinaryType) {
            return column;
        }
        return type instanceof StringType
                ? "HEX(" + column + ")"
                // As what no other type reads.
                : "CONCAT('0x', HEX(LEFT(" + column + ", 32)))";
    }

    @Override
    public Optional<String> startOf(LocalDate date, ZoneId timezone) {
        switch (kind) {
            case "date":
                return Optional.of("DATE '" + date + "'");
            case "datetime":
                return Optional.of("TIMESTAMP '" + date + " 00:00:00'");
            case "timestamp":
                // In the session's time zone.
                LocalDateTime start =
                        LocalDateTime.ofInstant(date.atStartOfDay(timezone).toInstant(), ZoneOffset.UTC);
                return Optional.of("TIMESTAMP '" + TIME.format(start) + "'");
            default:
                return Optional.empty();
        }
    }
}
