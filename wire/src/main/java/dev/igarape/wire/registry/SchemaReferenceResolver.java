package dev.igarape.wire.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;

/**
 * A resolver of schema references: it parses a schema together with the versions of other subjects that define the
 * types it uses. These are parsed first, each once, and may refer to others in turn.
 *
 * @see <a href="https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#schema-references">
 *     Schema references</a>
 */
final class SchemaReferenceResolver {
    private final BiFunction<String, Integer, JsonNode> versions;
    private final String what;
    /** Old schemas may have defaults that today's Avro refuses; messages written with them must stay readable. */
    private final Schema.Parser parser = new Schema.Parser().setValidateDefaults(false);

    private final Set<String> read = new HashSet<>();

    /**
     * @param versions asks the registry for a version of a subject
     * @param what the request in words, for messages
     */
    SchemaReferenceResolver(BiFunction<String, Integer, JsonNode> versions, String what) {
        this.versions = versions;
        this.what = what;
    }

    /**
     * The schema, with all that it refers to inside.
     *
     * @throws UnusableSchemaException if there is no reading it
     */
    Schema parse(JsonNode answer) {
        return parse(answer, "it");
    }

    private Schema parse(JsonNode answer, String which) {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw unusable(which + " is of type " + type + ", not AVRO.", Optional.empty());
        }
        answer.path("references").forEach(reference -> refer(reference, which));
        if (!answer.path("schema").isTextual()) {
            throw new SchemaRegistryException(
                    200,
                    200,
                    "Cannot " + what + ": the registry's answer has no usable `schema`. Is it a Confluent API?");
        }
        try {
            return parser.parse(answer.path("schema").asText());
        } catch (AvroRuntimeException e) {
            throw unusable("Avro does not understand " + which + ": " + e.getMessage(), Optional.of(e));
        }
    }

    private void refer(JsonNode reference, String which) {
        String subject = reference.path("subject").asText("");
        int version = reference.path("version").asInt(0);
        String place = "version " + version + " of `" + subject + "`";
        if (!read.add(place)) {
            return;
        }
        JsonNode answer;
        try {
            answer = versions.apply(subject, version);
        } catch (SchemaNotFoundException e) {
            throw unusable(
                    which + " refers to " + place + ", which the registry does not have. Register that, or register "
                            + which + " whole, with the types inside.",
                    Optional.of(e));
        }
        parse(answer, place);
    }

    private UnusableSchemaException unusable(String why, Optional<Exception> cause) {
        return new UnusableSchemaException("Cannot " + what + ": " + why, cause.orElse(null));
    }
}
