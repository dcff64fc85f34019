package dev.igarape.model.compile.table;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reader of {@code columns}. */
final class ColumnsReader {
    static final Columns NONE = new Columns(Map.of(), Map.of());

    private static final String REMEDY = "Write names and Spark SQL types, such as {id: bigint, name: string}.";
    private static final String GIVEN_REMEDY =
            "Write a Spark SQL type, `amount: \"decimal(20,4)\"`, or `created_at: {from: createdAt, type: timestamp}`.";
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,127}");

    private final Diagnostics diagnostics;

    ColumnsReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /**
     * What is declared of columns, by their names.
     *
     * @param types Spark SQL types
     * @param from what the source calls those that the lake calls otherwise
     */
    record Columns(Map<String, String> types, Map<String, String> from) {}

    /** Whether a column of a table may have this name. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /**
     * Reads the columns that are declared.
     *
     * @param given whether a source gives the columns, so that a name of it may stand instead of a type
     * @param dated whether the table is partitioned by date
     */
    Columns read(YamlMap table, boolean given, boolean dated) {
        Columns columns = new Columns(new LinkedHashMap<>(), new LinkedHashMap<>());
        table.map("columns", given ? GIVEN_REMEDY : REMEDY).ifPresent(map -> {
            if (map.keys().isEmpty()) {
                diagnostics.add(table.location("columns"), "'columns' is empty", "Name a column, or take the key out.");
            }
            for (SourceText column : map.keys()) {
                name(column, given, dated);
                if (given && map.isMap(column.value())) {
                    map.map(column.value(), GIVEN_REMEDY).ifPresent(body -> given(column.value(), body, columns));
                } else {
                    type(column.value(), column.value(), map, given ? GIVEN_REMEDY : REMEDY, columns);
                }
            }
        });
        return columns;
    }

    private void given(String column, YamlMap body, Columns columns) {
        body.allow("a column", List.of("from", "type"), Map.of());
        if (body.keys().isEmpty()) {
            diagnostics.add(body.location(), "'" + column + "' is empty", GIVEN_REMEDY);
        }
        body.text("from", "Write the column's name in the database, in quotes if it is no plain word.")
                .ifPresent(from -> columns.from().put(column, from.value()));
        type("type", column, body, GIVEN_REMEDY, columns);
    }

    private void type(String key, String column, YamlMap map, String remedy, Columns columns) {
        map.text(key, remedy).ifPresent(type -> {
            try {
                columns.types().put(column, ColumnType.normalise(type.value()));
            } catch (ColumnType.InvalidTypeException e) {
                diagnostics.add(
                        type.location(),
                        "'" + type.value() + "' is not a column type: " + e.getMessage(),
                        "Use a Spark SQL type such as string, bigint, decimal(12,2), timestamp, array<string>"
                                + " or struct<id: bigint>.");
            }
        });
    }

    private void name(SourceText column, boolean given, boolean dated) {
        if (!NAME.matcher(column.value()).matches()) {
            diagnostics.add(
                    column.location(),
                    "'" + column.value() + "' is not a column name",
                    "Use lower-case letters, digits and underscores, starting with a letter"
                            + (given ? "; the database's own name goes behind it, `order_id: {from: orderId}`." : "."));
        } else if (column.value().equals("date")) {
            diagnostics.add(
                    column.location(),
                    dated
                            ? "the platform adds the column date, by which the table is partitioned"
                            : "the name date is kept for the date of the run, by which refused rows are partitioned",
                    !dated
                            ? "Give the column another name here and in the SQL."
                            : given
                                    ? "Give the database's column another name: `source_date: {from: date}`."
                                    : "Take it out here and in the SQL.");
        }
    }
}
