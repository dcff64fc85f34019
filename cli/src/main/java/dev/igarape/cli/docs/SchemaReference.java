package dev.igarape.cli.docs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The reference of {@code pipeline.yaml} as a page of Markdown, from its JSON Schema. */
final class SchemaReference {
    private static final String DEFINITION = "#/$defs/";

    private final JsonNode schema;
    private final StringBuilder page = new StringBuilder();

    private SchemaReference(JsonNode schema) {
        this.schema = schema;
    }

    static String page(JsonNode schema) {
        SchemaReference reference = new SchemaReference(schema);
        reference.section("pipeline.yaml", "#", schema);
        schema.path("$defs").properties().forEach(definition -> {
            if (definition.getValue().has("properties")) {
                reference.section(definition.getKey(), "##", definition.getValue());
            }
        });
        return reference.page.toString();
    }

    private void section(String name, String level, JsonNode object) {
        page.append(level).append(' ').append(name).append("\n\n");
        if (object.has("description")) {
            page.append(object.get("description").asText()).append("\n\n");
        }
        page.append("| key | value | default | |\n|---|---|---|---|\n");
        rows("", object);
        page.append('\n');
    }

    /** A row for each key, those of nested objects after the one that holds them. */
    private void rows(String prefix, JsonNode object) {
        List<String> required = new ArrayList<>();
        object.path("required").forEach(key -> required.add(key.asText()));
        object.path("properties").properties().forEach(property -> {
            JsonNode value = property.getValue();
            JsonNode meant = resolved(value);
            String name = prefix + property.getKey();
            page.append("| `%s`%s | %s | %s | %s |%n"
                    .formatted(
                            name,
                            required.contains(property.getKey()) ? " (needed)" : "",
                            cell(type(value)),
                            defaulted(value, meant),
                            cell(described(value))));
            if (!value.has("$ref") && value.has("properties")) {
                rows(name + ".", value);
            }
        });
    }

    private static String defaulted(JsonNode value, JsonNode meant) {
        JsonNode given = value.path("default");
        JsonNode inherited = given.isMissingNode() ? meant.path("default") : given;
        return inherited.isMissingNode() ? "" : "`" + text(inherited) + "`";
    }

    /** The nearest description on the way to what a value refers to. */
    private String described(JsonNode value) {
        return value.path("description").asText(refers(value) ? described(referred(value)) : "");
    }

    private JsonNode resolved(JsonNode value) {
        return refers(value) ? resolved(referred(value)) : value;
    }

    private static boolean refers(JsonNode value) {
        return value.path("$ref").asText("").startsWith(DEFINITION);
    }

    private JsonNode referred(JsonNode value) {
        return schema.path("$defs").path(value.get("$ref").asText().substring(DEFINITION.length()));
    }

    private String type(JsonNode value) {
        String reference = value.path("$ref").asText("");
        JsonNode meant = resolved(value);
        if (reference.startsWith(DEFINITION) && meant.has("properties")) {
            String name = reference.substring(DEFINITION.length());
            return "[%s](#%s)".formatted(name, name.toLowerCase(java.util.Locale.ROOT));
        }
        if (meant.has("enum")) {
            return stream(meant.get("enum")).map(word -> "`" + text(word) + "`").collect(Collectors.joining(", "));
        }
        for (String choice : List.of("anyOf", "oneOf")) {
            if (meant.has(choice)) {
                return stream(meant.get(choice)).map(this::type).distinct().collect(Collectors.joining(" or "));
            }
        }
        if (meant.path("type").asText().equals("array")) {
            return "list of " + type(meant.path("items"));
        }
        if (meant.has("patternProperties")) {
            return "by name: "
                    + stream(meant.get("patternProperties")).map(this::type).collect(Collectors.joining("; "));
        }
        return meant.path("type").asText(meant.has("pattern") ? "string" : "any");
    }

    private static java.util.stream.Stream<JsonNode> stream(JsonNode nodes) {
        return StreamSupport.stream(nodes.spliterator(), false);
    }

    private static String text(JsonNode node) {
        return node.isTextual() ? node.asText() : node.toString();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replaceAll("\\s+", " ");
    }
}
