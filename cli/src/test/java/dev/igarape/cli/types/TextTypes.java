package dev.igarape.cli.types;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Types that have a text in files: cells of CSV, which are cast, and JSON, which is parsed. */
final class TextTypes {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Kind by Spark SQL type. */
    private static final List<Map.Entry<String, Kind>> CASTS = List.of(
            Map.entry("boolean", Kind.BOOLEAN),
            Map.entry("smallint", Kind.SMALLINT),
            Map.entry("int", Kind.INTEGER),
            Map.entry("bigint", Kind.BIGINT),
            Map.entry("float", Kind.FLOAT),
            Map.entry("double", Kind.DOUBLE),
            Map.entry("decimal(38,18)", Kind.DECIMAL),
            Map.entry("string", Kind.TEXT),
            Map.entry("date", Kind.DATE),
            Map.entry("timestamp", Kind.INSTANT),
            Map.entry("timestamp_ntz", Kind.WALL));

    private TextTypes() {}

    static TypedSource csv() {
        List<TypedColumn> columns = new ArrayList<>();
        for (Map.Entry<String, Kind> cast : CASTS) {
            String name = name(cast.getKey());
            String value = "CAST(row['" + name + "'] AS " + cast.getKey() + ")";
            columns.add(TypedColumn.parsed(name, "cell cast to " + cast.getKey(), cast.getValue(), value));
        }
        return new TypedSource("csv", "CSV", "row['label']", "raw.csv_types", columns);
    }

    static TypedSource json() {
        List<TypedColumn> columns = new ArrayList<>();
        StringBuilder fields = new StringBuilder("label STRING");
        for (Map.Entry<String, Kind> cast : CASTS) {
            String name = name(cast.getKey());
            fields.append(", ").append(name).append(' ').append(cast.getKey());
            columns.add(TypedColumn.parsed(name, "value read as " + cast.getKey(), cast.getValue(), "v." + name));
        }
        String from = "(SELECT from_json(body, '" + fields + "', map('mode', 'FAILFAST')) AS v FROM raw.json_types)";
        return new TypedSource("json", "JSON", "v.label", from, columns);
    }

    private static String name(String type) {
        return "as_" + type.replaceAll("[(].*", "");
    }

    /** The whole of a CSV file: null is an empty cell, empty text a quoted one. */
    static String csvFile() {
        TypedSource source = csv();
        StringBuilder file = new StringBuilder("label");
        source.columns().forEach(column -> file.append(',').append(column.name()));
        for (String row : source.rows()) {
            file.append('\n').append(row);
            for (TypedColumn column : source.columns()) {
                String text = column.extremes().get(row);
                file.append(',').append(text == null ? "" : '"' + text + '"');
            }
        }
        return file.append('\n').toString();
    }

    /** The whole of a file of JSON, an object a line; numbers are numbers, but for those that JSON has not. */
    static String jsonFile() {
        TypedSource source = json();
        return source.rows().stream()
                .map(row -> {
                    ObjectNode object = JSON.createObjectNode().put("label", row);
                    for (TypedColumn column : source.columns()) {
                        String text = column.extremes().get(row);
                        boolean number = text != null && text.matches("-?[0-9.]+(E[0-9]+)?|true|false");
                        object.putRawValue(
                                column.name(),
                                text == null
                                        ? null
                                        : new RawValue(
                                                number
                                                        ? text
                                                        : JSON.valueToTree(text).toString()));
                    }
                    return object.toString();
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
