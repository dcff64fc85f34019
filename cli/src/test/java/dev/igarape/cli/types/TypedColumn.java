package dev.igarape.cli.types;

import java.util.Map;
import java.util.Optional;

/**
 * A column of one type of a source.
 *
 * @param name of the column in the tables
 * @param type of the source, as its documentation calls it
 * @param kind what it holds, where engines read a table that was built
 * @param value Spark SQL for its value in the raw table
 * @param raw the same in Trino, and what Trino shows of the raw table if that is of another kind; empty where Trino
 *     shows another thing than Spark
 * @param extremes text by name of the value, as {@link Kind#extremes()}
 */
record TypedColumn(
        String name, String type, Kind kind, String value, Optional<String> raw, Map<String, String> extremes) {
    TypedColumn {
        extremes = Map.copyOf(extremes);
    }

    static TypedColumn of(String name, String type, Kind kind, String value, String raw) {
        return new TypedColumn(name, type, kind, value, Optional.of(raw), kind.extremes());
    }

    /** One that Trino can't read from the raw table as Spark does. */
    TypedColumn notInRaw() {
        return new TypedColumn(name, type, kind, value, Optional.empty(), extremes);
    }

    /** The same with other values. */
    TypedColumn with(Map<String, String> values) {
        return new TypedColumn(name, type, kind, value, raw, values);
    }
}
