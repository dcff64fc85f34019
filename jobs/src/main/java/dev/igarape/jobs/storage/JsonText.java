package dev.igarape.jobs.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.Reader;

/** Validates JSON as a stream, without building a tree. */
public final class JsonText {
    /**
     * Field names are not cached, because a text may have millions of them, and strings may be as long as a record.
     */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private JsonText() {}

    /** A parser for one or more texts; its memory does not grow with the text. */
    public static JsonParser parser(Reader text) throws IOException {
        return JSON.createParser(text);
    }

    /**
     * Reads a JSON text to its end; memory does not grow with the text.
     *
     * @return whether it is an array without elements
     * @throws JsonParseException if it is not one complete JSON text
     */
    public static boolean check(Reader text) throws IOException {
        try (JsonParser parser = parser(text)) {
            boolean isEmptyArray = checkOne(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "something follows it");
            }
            return isEmptyArray;
        }
    }

    /**
     * Reads concatenated JSON texts to the end of the last.
     *
     * @throws JsonParseException if it is not one or more complete JSON texts
     */
    public static void checkAll(Reader texts) throws IOException {
        try (JsonParser parser = parser(texts)) {
            JsonToken token = parser.nextToken();
            do {
                checkOne(parser, token);
                token = parser.nextToken();
            } while (token != null);
        }
    }

    /** Length of the UTF-8 byte order mark at the beginning, 0 or 3; JSON parsers do not accept one. */
    public static int byteOrderMark(byte[] bytes) {
        boolean marked =
                bytes.length >= 3 && bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
        return marked ? 3 : 0;
    }

    private static boolean checkOne(JsonParser parser, JsonToken first) throws IOException {
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
        return first == JsonToken.START_ARRAY && second == JsonToken.END_ARRAY;
    }
}
