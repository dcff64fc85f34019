package dev.igarape.jobs.landing.jdbc;

import dev.igarape.model.sql.SqlIdentifier;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * What PostgreSQL's types become, and how their values are asked for. Every value comes as text, in a form that does not
 * depend on the server's or the driver's settings, since what a driver makes of numbers, dates and arrays is not always
 * what the database holds.
 */
final class PostgresTypes {
    /** What the text of values depends on; PostgreSQL 12 and later write floating-point numbers exactly anyway. */
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
            Map.entry(SourceColumn.HSTORE, new MapType(DataTypes.StringType, DataTypes.StringType, true)));
    private static final int DIGITS = DecimalType.MAX_PRECISION();
    private static final int DEFAULT_SCALE = 18;

    private PostgresTypes() {}

    /** The type of a column for which none is declared. */
    static DataType typeOf(SourceColumn column) {
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

    /** The decimal that holds numbers of this precision and scale; the largest one where no decimal holds them all. */
    private static DecimalType numeric(int modifier) {
        if (modifier < 0) {
            return new DecimalType(DIGITS, DEFAULT_SCALE);
        }
        int precision = (modifier - 4) >> 16 & 0xFFFF;
        // Eleven bits with a sign: since PostgreSQL 15, a scale may be negative or above the precision.
        int scale = ((modifier - 4 & 0x7FF) ^ 1024) - 1024;
        int digits = scale < 0 ? precision - scale : Math.max(precision, scale);
        if (digits <= DIGITS) {
            return new DecimalType(digits, Math.max(scale, 0));
        }
        return new DecimalType(DIGITS, scale <= DIGITS ? Math.max(scale, 0) : DEFAULT_SCALE);
    }

    /** SQL for the column's values as text that {@link PostgresValue} reads as this type. */
    static String text(SourceColumn column, DataType type) {
        String name = SqlIdentifier.quoted(column.name());
        boolean nested = type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
        if (nested) {
            // JSON within JSON would not tell a JSON null from none.
            boolean json = column.kind().matches("jsonb?") && column.dimensions() > 0 && isPlain(leaf(type));
            return "pg_catalog.to_json(" + name + (json ? "::pg_catalog.text[]" : "") + ")::pg_catalog.text";
        }
        if (column.dimensions() > 0) {
            return name + "::pg_catalog.text";
        }
        switch (column.kind()) {
            case SourceColumn.COMPOSITE:
                return "pg_catalog.to_json(" + name + ")::pg_catalog.text";
            case "money":
                // As text it has a currency's sign and separators, as the server's locale has them.
                String number = type.equals(DataTypes.StringType) ? "" : "::pg_catalog.numeric";
                return name + number + "::pg_catalog.text";
            case "bpchar":
            case "inet":
                // A cast would cut trailing blanks, and add the mask that an address has not.
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
