package dev.igarape.api.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.api.http.Sanitized;
import dev.igarape.api.http.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;

/**
 * Parser of Avro schemas as {@code openapi.json} describes them: by Avro's parser, which takes more names and fewer
 * numbers.
 */
final class AvroSchemas {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final Set<Schema> seen = new HashSet<>();

    private AvroSchemas() {}

    /** @throws ProblemException 400 for invalid JSON, 422 for an invalid schema */
    static Schema parse(byte[] body) {
        StrictJson.check(body);
        Schema schema;
        try {
            schema = new Schema.Parser().parse(wholeSizes(new String(body, StandardCharsets.UTF_8)));
        } catch (RuntimeException e) {
            // Avro's parser throws more than its own exceptions, at sizes that Java can't have for example.
            throw invalid(String.valueOf(e.getMessage())).toException();
        }
        new AvroSchemas().requireNames(schema);
        return schema;
    }

    static Problem invalid(String reason) {
        return Problem.of(
                422, "invalid-schema", "This is no Avro schema", "The body is no Avro schema: " + reason + ".");
    }

    /** In JSON 16.0 is the integer 16; Avro's parser does not know it as a size. */
    private static String wholeSizes(String text) {
        JsonNode tree = StrictJson.tree(text);
        boolean changed = false;
        for (JsonNode parent : tree.findParents("size")) {
            JsonNode size = parent.get("size");
            if (size.isFloatingPointNumber() && size.canConvertToExactIntegral() && size.canConvertToInt()) {
                ((ObjectNode) parent).put("size", size.intValue());
                changed = true;
            }
        }
        return changed ? tree.toString() : text;
    }

    /**
     * Avro's specification has names of ASCII letters, digits and underscores; its parser takes all letters there are.
     */
    private void requireNames(Schema schema) {
        if (!seen.add(schema)) {
            return;
        }
        switch (schema.getType()) {
            case RECORD -> {
                requireFullName(schema);
                schema.getFields().forEach(field -> {
                    requireName(field.name());
                    requireNames(field.schema());
                });
            }
            case ENUM -> {
                requireFullName(schema);
                schema.getEnumSymbols().forEach(AvroSchemas::requireName);
            }
            case FIXED -> requireFullName(schema);
            case ARRAY -> requireNames(schema.getElementType());
            case MAP -> requireNames(schema.getValueType());
            case UNION -> schema.getTypes().forEach(this::requireNames);
            default -> {}
        }
    }

    private static void requireFullName(Schema schema) {
        for (String part : schema.getFullName().split("\\.", -1)) {
            requireName(part);
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw invalid("'" + Sanitized.of(name)
                            + "' is no name: names have letters A to Z, digits and underscores, first" + " no digit")
                    .toException();
        }
    }
}
