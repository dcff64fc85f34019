package dev.igarape.jobs.landing.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.sql.SqlIdentifier;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The {@code columns} of a JDBC landing as YAML to paste: what is declared, and what should be. */
final class ColumnsLine {
    private final Map<String, String> types;
    private final Map<String, String> from;

    private ColumnsLine(Map<String, String> types, Map<String, String> from) {
        this.types = new LinkedHashMap<>(types);
        this.from = new LinkedHashMap<>(from);
    }

    /** What the table declares. */
    static ColumnsLine of(Table table, Source.Jdbc source) {
        return new ColumnsLine(table.columns(), source.from());
    }

    /** Adds where a column comes from. */
    ColumnsLine from(String column, String name) {
        from.put(column, name.startsWith("\"") ? SqlIdentifier.quoted(name) : name);
        return this;
    }

    /** Adds a type. */
    ColumnsLine type(String column, String type) {
        types.put(column, type);
        return this;
    }

    @Override
    public String toString() {
        Set<String> names = new LinkedHashSet<>(types.keySet());
        names.addAll(from.keySet());
        return names.stream().map(this::entry).collect(Collectors.joining(", ", "`columns: {", "}`"));
    }

    private String entry(String name) {
        if (!from.containsKey(name)) {
            return scalar(name) + ": " + scalar(types.get(name));
        }
        String type = types.containsKey(name) ? ", type: " + scalar(types.get(name)) : "";
        return scalar(name) + ": {from: " + scalar(from.get(name)) + type + "}";
    }

    /** Text that YAML takes for the same text; what JSON quotes, YAML reads. */
    private static String scalar(String text) {
        if (text.matches("[A-Za-z_][A-Za-z0-9_$]*") && !text.matches("(?i)null|true|false|yes|no|on|off|y|n")) {
            return text;
        }
        try {
            return Json.mapper().writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text is always JSON", e);
        }
    }
}
