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

/** The {@code columns} of a JDBC landing as YAML, to paste into a pipeline: what is declared, with corrections. */
final class ColumnsYaml {
    private final Map<String, String> types;
    private final Map<String, String> from;

    private ColumnsYaml(Map<String, String> types, Map<String, String> from) {
        this.types = new LinkedHashMap<>(types);
        this.from = new LinkedHashMap<>(from);
    }

    /** The declared columns. */
    static ColumnsYaml of(Table table, Source.Jdbc source) {
        return new ColumnsYaml(table.columns(), source.from());
    }

    /** Adds the source column that a column comes from. */
    ColumnsYaml from(String column, String name) {
        from.put(column, name.startsWith("\"") ? SqlIdentifier.quoted(name) : name);
        return this;
    }

    /** Adds a type. */
    ColumnsYaml type(String column, String type) {
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

    /** The text as a YAML scalar; quoted as JSON where YAML would read it as something else. */
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
