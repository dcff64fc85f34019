package dev.igarape.jobs.sql;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns of a table from Spark's schema. */
public final class TableColumns {
    private TableColumns() {}

    /** Spark SQL types by column name, in order. */
    public static Map<String, String> of(StructType schema) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (StructField field : schema.fields()) {
            columns.put(field.name(), field.dataType().catalogString());
        }
        return columns;
    }

    /** Columns, Spark SQL type by name, as DDL: {@code `id` bigint, `name` string}. */
    public static String ddl(Map<String, String> columns) {
        return columns.entrySet().stream()
                .map(column -> "`" + column.getKey() + "` " + column.getValue())
                .collect(Collectors.joining(", "));
    }

    /**
     * Rejects columns that Hive or Trino could not show under the name or type that Spark gives them.
     *
     * @param keys the table's partition columns besides {@code date}
     * @param what the source of the columns, as in {@code The query of trusted.orders}
     * @throws LakeException (DEFINITION) that lists all of them
     */
    public static void requireReadable(StructType schema, List<String> keys, String what) {
        List<String> faults = new ArrayList<>();
        for (StructField field : schema.fields()) {
            if (field.name().equals("date") || keys.contains(field.name())) {
                faults.add("column " + field.name() + " is the partition's, which the platform adds: leave it out");
            } else if (!field.name().matches("[a-z_][a-z0-9_]*")) {
                faults.add("column " + field.name() + " needs a name of lower-case letters, digits and underscores"
                        + " (AS …)");
            }
            faults.addAll(ReadableType.faults(field.name(), field.dataType()));
        }
        if (!faults.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    what + " gives columns that a table can't have: " + String.join("; ", faults)
                            + ". Readers keep the old version.");
        }
    }
}
