package dev.igarape.jobs.landing.jdbc.dialect;

import dev.igarape.model.sql.SqlIdentifier;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Maps PostgreSQL's types to Spark's and selects values as text. The text does not depend on settings of the server or
 * driver; what the driver converts numbers, dates and arrays to is not always exact.
 */
final class PostgresTypes {
    /**
     * Session settings that the text depends on; PostgreSQL 12 and later write floating-point numbers exactly anyway.
     */
    static final String SESSION = "SET TIME ZONE 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'iso_8601';"
            + " SET extra_float_digits = 3; SET bytea_output = 'hex'";

    private static final Map<String, DataType> TYPES = Map.ofEntries(
            Map.entry("bool", DataTypes.BooleanType),
            Map.entry("int2", DataTypes.ShortType),
            Map.entry("int4", DataTypes.IntegerType),
            Map.entry("int8", DataTypes.LongType),
            Map.entry("oid", DataTypes.LongType),
            Map.entry("float4", DataTypes.FloatType),
            Map.entry("float8", DataTypes.DoubleType),
            Map.entry("date", DataTypes.DateType),
            Map.entry("timestamp", DataTypes.TimestampNTZType),
            Map.entry("timestamptz", DataTypes.TimestampType),
            Map.entry("bytea", DataTypes.BinaryType),
            Map.entry(PostgresColumn.HSTORE, new MapType(DataTypes.StringType, DataTypes.StringType, true)));
    private static final int DIGITS = DecimalType.MAX_PRECISION();
    private static final int DEFAULT_SCALE = 18;

    private PostgresTypes() {}

    /** The type of a column that declares none. */
    static DataType typeOf(PostgresColumn column) {
        DataType type = TYPES.getOrDefault(column.kind(), DataTypes.StringType);
        if (column.kind().equals("numeric")) {
            type = numeric(column.modifier());
        } else if (column.kind().equals("money") && column.dimensions() == 0) {
            type = new DecimalType(19, 2);
        }
        for (int i = 0; i < column.dimensions(); i++) {
            type = new ArrayType(type, true);
        }
        return type;
    }

    /** The decimal for a precision and scale; the largest decimal if none holds all such numbers. */
    private static DecimalType numeric(int modifier) {
        if (modifier < 0) {
            return new DecimalType(DIGITS, DEFAULT_SCALE);
        }
        int precision = (modifier - 4) >> 16 & 0xFFFF;
        // The scale is 11 bits with a sign: since PostgreSQL 15 it may be negative or above the precision.
        int scale = ((modifier - 4 & 0x7FF) ^ 1024) - 1024;
        int digits = scale < 0 ? precision - scale : Math.max(precision, scale);
        if (digits <= DIGITS) {
            return new DecimalType(digits, Math.max(scale, 0));
        }
        return new DecimalType(DIGITS, scale <= DIGITS ? Math.max(scale, 0) : DEFAULT_SCALE);
    }

    /** SQL expression for the column's values, as {@link SourceColumn#text} says. */
    static String text(PostgresColumn column, DataType type) {
        String name = SqlIdentifier.quoted(column.name());
        boolean nested = type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
        if (nested) {
            // Nested JSON would not distinguish a JSON null from SQL NULL.
            boolean json = column.kind().matches("jsonb?") && column.dimensions() > 0 && isPlain(leaf(type));
            return "pg_catalog.to_json(" + name + (json ? "::pg_catalog.text[]" : "") + ")::pg_catalog.text";
        }
        if (column.dimensions() > 0) {
            return name + "::pg_catalog.text";
        }
        switch (column.kind()) {
            case PostgresColumn.COMPOSITE:
                return "pg_catalog.to_json(" + name + ")::pg_catalog.text";
            case "money":
                // Money as text has the server's currency sign and separators.
                String number = type.equals(DataTypes.StringType) ? "" : "::pg_catalog.numeric";
                return name + number + "::pg_catalog.text";
            case "bpchar":
            case "inet":
                // A cast would cut trailing blanks and add a netmask to addresses.
                return "pg_catalog.textin(pg_catalog." + column.kind()
                        + (column.kind().equals("inet") ? "_" : "") + "out(" + name + "))";
            default:
                return name + "::pg_catalog.text";
        }
    }

    private static boolean isPlain(DataType type) {
        return !(type instanceof MapType) && !(type instanceof StructType);
    }

    private static DataType leaf(DataType type) {
        return type instanceof ArrayType array ? leaf(array.elementType()) : type;
    }
}
