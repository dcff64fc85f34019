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
 * @param raw the same in Trino; empty where the raw table has the text alone
 * @param alike whether Trino shows it in the raw table as Spark does
 * @param extremes text by name of the value, as {@link Kind#extremes()}
 */
record TypedColumn(
        String name,
        String type,
        Kind kind,
        String value,
        Optional<String> raw,
        boolean alike,
        Map<String, String> extremes) {
    TypedColumn {
        extremes = Map.copyOf(extremes);
    }

    /** One that has its type in the raw table. */
    static TypedColumn typed(String name, String type, Kind kind, String value) {
        return new TypedColumn(name, type, kind, value, Optional.of(value), true, kind.extremes());
    }

    /** One that is made from the raw table's text. */
    static TypedColumn parsed(String name, String type, Kind kind, String value) {
        return new TypedColumn(name, type, kind, value, Optional.empty(), false, kind.extremes());
    }

    /** The same where Trino shows another thing in the raw table than Spark. */
    TypedColumn otherwiseInTrino() {
        return new TypedColumn(name, type, kind, value, raw, false, extremes);
    }

    /** The same with other values. */
    TypedColumn with(Map<String, String> values) {
        return new TypedColumn(name, type, kind, value, raw, alike, values);
    }
}
