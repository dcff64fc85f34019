package dev.igarape.cli.types;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A source whose types are tried: a table {@code raw.<name>_types} with a row for each extreme value.
 *
 * @param name {@code avro}, {@code json}, {@code csv} or {@code postgresql}
 * @param title for people
 * @param label SQL, of both engines, for the name of a row's value in the raw table
 * @param from what Spark reads the columns from
 */
record TypedSource(String name, String title, String label, String from, List<TypedColumn> columns) {
    TypedSource {
        columns = List.copyOf(columns);
    }

    /** Names of the rows: the extreme values of all columns, and null. */
    Set<String> rows() {
        Set<String> rows = columns.stream()
                .flatMap(column -> column.extremes().keySet().stream())
                .sorted()
                .collect(Collectors.toCollection(LinkedHashSet::new));
        rows.add("null");
        return rows;
    }

    String rawTable() {
        return "raw." + name + "_types";
    }

    /** The values, each as a column of its type. */
    String builtTable() {
        return "trusted." + name + "_types";
    }

    /** What Spark makes of the raw rows: values as text in plain form, and the type that each had. */
    String seenTable() {
        return "trusted." + name + "_seen";
    }

    /** Spark SQL of the built table. */
    String builtSql() {
        return "SELECT " + label + " AS label,\n  "
                + columns.stream()
                        .map(column -> column.value() + " AS " + column.name())
                        .collect(Collectors.joining(",\n  "))
                + "\nFROM " + from;
    }

    String seenSql() {
        return "SELECT " + label + " AS label,\n  "
                + columns.stream()
                        .map(column -> column.kind().inSpark(column.value()) + " AS " + column.name() + ", typeof("
                                + column.value() + ") AS " + typeOf(column))
                        .collect(Collectors.joining(",\n  "))
                + "\nFROM " + from;
    }

    /** The column of {@link #seenTable} that tells the type of another. */
    static String typeOf(TypedColumn column) {
        return column.name() + "_type";
    }
}
