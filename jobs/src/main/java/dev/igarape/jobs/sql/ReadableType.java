package dev.igarape.jobs.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.CalendarIntervalType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DayTimeIntervalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.YearMonthIntervalType;

/**
 * Checks whether Hive and Trino can represent a column's type. The metastore stores types as text in which names are
 * not quoted, and both engines ignore the case of names (apache/hive HIVE-13748).
 */
final class ReadableType {
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

    private final String column;
    private final List<String> faults = new ArrayList<>();

    private ReadableType(String column) {
        this.column = column;
    }

    /** The parts of the type that they cannot represent, each with its remedy. */
    static List<String> faults(String column, DataType type) {
        ReadableType readable = new ReadableType(column);
        readable.walk(type, column);
        return readable.faults;
    }

    private void walk(DataType type, String path) {
        if (type instanceof StructType struct) {
            struct(struct, path);
        } else if (type instanceof ArrayType array) {
            walk(array.elementType(), path + "[]");
        } else if (type instanceof MapType map) {
            walk(map.keyType(), path + "{}");
            walk(map.valueType(), path + "{}");
        } else if (type instanceof NullType
                || type instanceof CalendarIntervalType
                || type instanceof DayTimeIntervalType
                || type instanceof YearMonthIntervalType) {
            String what = path.equals(column) ? "column " + column : "field " + path;
            faults.add(what + " is " + type.catalogString() + ", which Hive lacks (CAST it)");
        }
    }

    private void struct(StructType struct, String path) {
        if (struct.isEmpty()) {
            faults.add((path.equals(column) ? "column " : "field ") + path
                    + " is a struct without fields, which Hive lacks (leave it out)");
        }
        Set<String> names = new HashSet<>();
        for (StructField field : struct.fields()) {
            String place = path + "." + field.name();
            if (!NAME.matcher(field.name()).matches()) {
                faults.add("field " + place + " needs a name of letters, digits and underscores (name it so in"
                        + " named_struct, or CAST the column to a STRUCT of such names)");
            } else if (!names.add(field.name().toLowerCase(Locale.ROOT))) {
                faults.add("field " + place + " differs from another by case only, which Hive and Trino do not tell"
                        + " apart (give it another name)");
            }
            walk(field.dataType(), place);
        }
    }
}
