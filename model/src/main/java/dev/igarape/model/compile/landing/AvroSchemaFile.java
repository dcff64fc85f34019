package dev.igarape.model.compile.landing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Validation of the Avro schema of a topic's values, {@code <topic>.avsc} beside the pipeline, which gets registered:
 * its syntax, and the field for the event time.
 */
final class AvroSchemaFile {
    private static final Set<String> LONG_TIMES = Set.of("timestamp-millis", "timestamp-micros");

    private final Path folder;
    private final String folderName;
    private final Diagnostics diagnostics;

    AvroSchemaFile(Path folder, String folderName, Diagnostics diagnostics) {
        this.folder = folder;
        this.folderName = folderName;
        this.diagnostics = diagnostics;
    }

    /** Checks the topic's file, if there is one. */
    void check(String topic, Optional<String> eventTime, SourceLocation eventTimePlace) {
        Path file = folder.resolve(topic + ".avsc");
        if (!Files.isRegularFile(file)) {
            return;
        }
        String name = folderName + "/" + topic + ".avsc";
        YamlFile.text(file, name, diagnostics)
                .flatMap(text -> parse(text, name))
                .ifPresent(schema -> {
                    if (!schema.path("type").asText().equals("record")
                            || !schema.path("fields").isArray()) {
                        diagnostics.add(
                                SourceLocation.ofFile(name),
                                "is not the Avro schema of a record",
                                "Write {\"type\": \"record\", \"name\": …, \"fields\": […]}.");
                        return;
                    }
                    eventTime.ifPresent(field -> eventTime(schema.path("fields"), field, name, eventTimePlace));
                });
    }

    private Optional<JsonNode> parse(String text, String name) {
        try {
            return Optional.of(Json.mapper().readTree(text));
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            diagnostics.add(
                    new SourceLocation(name, line, column),
                    "is not JSON: " + Diagnostics.sentence(e.getOriginalMessage()),
                    "Mend it here or just before.");
            return Optional.empty();
        }
    }

    private void eventTime(JsonNode fields, String field, String name, SourceLocation location) {
        List<String> names = new ArrayList<>();
        for (JsonNode candidate : fields) {
            names.add(candidate.path("name").asText());
            if (candidate.path("name").asText().equals(field)) {
                if (!isTime(candidate.path("type"))) {
                    diagnostics.add(
                            location,
                            "field " + field + " of " + name + " is not a time",
                            "Use a long with logicalType timestamp-millis or timestamp-micros, an int with date, or"
                                    + " an ISO-8601 string.");
                }
                return;
            }
        }
        diagnostics.add(
                location,
                "there is no field " + field + " in " + name + Suggestion.didYouMean(field, names),
                "Name one of: " + String.join(", ", names) + ".");
    }

    private static boolean isTime(JsonNode type) {
        if (type.isArray()) {
            for (JsonNode branch : type) {
                if (!branch.asText().equals("null") && !isTime(branch)) {
                    return false;
                }
            }
            return type.size() > 0;
        }
        String base = type.isObject() ? type.path("type").asText() : type.asText();
        String logical = type.path("logicalType").asText();
        return switch (base) {
            case "string" -> true;
            case "long" -> LONG_TIMES.contains(logical);
            case "int" -> logical.equals("date");
            default -> false;
        };
    }
}
