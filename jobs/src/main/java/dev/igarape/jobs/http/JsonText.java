package dev.igarape.jobs.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;

/** Checks that bytes are one whole JSON text, without keeping any of it. */
public final class JsonText {
    /** Names of fields are not collected: a text may have millions of them. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private JsonText() {}

    /**
     * Reads it to its end; what it holds in memory does not grow with the text.
     *
     * @return whether it is an array without elements
     * @throws JsonParseException if it is not one whole JSON text
     */
    public static boolean check(InputStream content) throws IOException {
        try (JsonParser parser = JSON.createParser(content)) {
            try {
                return check(parser);
            } catch (CharConversionException e) {
                throw new JsonParseException(parser, e.getMessage(), e);
            }
        }
    }

    private static boolean check(JsonParser parser) throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new JsonParseException(parser, "it is empty");
        }
        JsonToken second = null;
        int depth = first.isStructStart() ? 1 : 0;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                throw new JsonParseException(parser, "it breaks off");
            }
            if (second == null) {
                second = token;
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "something follows it");
        }
        return first == JsonToken.START_ARRAY && second == JsonToken.END_ARRAY;
    }
}
