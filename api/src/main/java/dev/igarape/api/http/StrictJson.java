package dev.igarape.api.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Strict JSON reading and writing: RFC 8259 in UTF-8, no duplicate keys, nothing after the value. */
public final class StrictJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // It would throw an IllegalStateException at documents made of colliding names.
                    .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .build();

    private StrictJson() {}

    /**
     * Checks that the body is one JSON value, without building it.
     *
     * @throws ProblemException 400 with line and column when it is not
     */
    public static void check(byte[] body) {
        try (JsonParser parser = MAPPER.createParser(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(body))
                .toString())) {
            if (parser.nextToken() == null) {
                throw malformed("The body is empty. Send one JSON value.").toException();
            }
            parser.skipChildren();
            if (parser.nextToken() != null) {
                throw malformed("The body has more behind its first JSON value. Send one JSON value.")
                        .toException();
            }
        } catch (CharacterCodingException e) {
            throw malformed("The body is not UTF-8. Send JSON in UTF-8.").toException();
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw malformed("The body is no JSON"
                            + (place == null ? "" : " at line " + place.getLineNr() + ", column " + place.getColumnNr())
                            + ": " + Sanitized.of(e.getOriginalMessage()) + ". Send one JSON value.")
                    .toException();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The text of an object's member.
     *
     * @param object well-formed
     * @return empty when it has no such member, or one that is null, an object or an array
     */
    public static Optional<String> scalar(byte[] object, String name) {
        try (JsonParser parser = MAPPER.createParser(object)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals(name);
                JsonToken value = parser.nextToken();
                if (wanted) {
                    return value.isScalarValue() && value != JsonToken.VALUE_NULL
                            ? Optional.of(parser.getText())
                            : Optional.empty();
                }
                parser.skipChildren();
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads text that another server has made. */
    public static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Problem malformed(String detail) {
        return Problem.badRequest("malformed-json", "The body is no JSON", detail);
    }

    static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Object> problem(Problem problem, String instance) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", problem.type());
        members.put("title", problem.title());
        members.put("status", problem.status());
        members.put("detail", problem.detail());
        members.put("instance", instance);
        if (!problem.errors().isEmpty()) {
            members.put("errors", List.copyOf(problem.errors()));
        }
        return members;
    }

    static Map<String, Object> problem(Problem problem, long line, int maxErrors) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("line", line);
        members.put("status", problem.status());
        members.put("type", problem.type());
        members.put("detail", problem.detail());
        if (!problem.errors().isEmpty()) {
            members.put("errors", problem.errors().stream().limit(maxErrors).toList());
        }
        return members;
    }
}
