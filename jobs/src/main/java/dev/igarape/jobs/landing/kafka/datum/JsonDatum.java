package dev.igarape.jobs.landing.kafka.datum;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.igarape.jobs.storage.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Checks that a value is one complete JSON text and reads only its event time: an ISO-8601 text, or a whole number of
 * milliseconds since the epoch. Not thread-safe: the object holds the result of the last call.
 */
public final class JsonDatum {
    private static final JsonFactory JSON = new JsonFactory();

    private final Optional<String> eventTimeField;
    private final IsoTime isoTime = new IsoTime();
    private EventTimeKind kind = EventTimeKind.ABSENT;
    private long value;

    /** @param eventTimeField a top-level field of the value; empty: no event time */
    public JsonDatum(Optional<String> eventTimeField) {
        this.eventTimeField = eventTimeField;
    }

    /** Checks a value after its byte order mark; returns what is wrong with it. Afterwards its event time is set. */
    public Optional<String> check(byte[] bytes) {
        int from = JsonText.byteOrderMark(bytes);
        kind = EventTimeKind.ABSENT;
        value = 0;
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return Optional.of("it is not UTF-8 text");
        }
        try (JsonParser parser = JSON.createParser(text)) {
            return walk(parser);
        } catch (JsonProcessingException e) {
            return Optional.of("it is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<String> walk(JsonParser parser) throws IOException {
        JsonToken token = parser.nextToken();
        if (token == null) {
            return Optional.of("it is empty");
        }
        boolean object = token == JsonToken.START_OBJECT;
        int depth = token.isStructStart() ? 1 : 0;
        while (depth > 0) {
            token = parser.nextToken();
            if (token == null) {
                return Optional.of("it breaks off");
            }
            boolean dates = object
                    && depth == 1
                    && token == JsonToken.FIELD_NAME
                    && eventTimeField.isPresent()
                    && eventTimeField.get().equals(parser.getCurrentName());
            if (dates) {
                token = parser.nextToken();
                if (token == null) {
                    return Optional.of("it breaks off");
                }
                date(parser, token);
            }
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        }
        return parser.nextToken() == null ? Optional.empty() : Optional.of("something follows it");
    }

    private void date(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
            isoTime.parse(text, 0, text.length);
            kind = isoTime.kind();
            value = isoTime.value();
        } else if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            kind = EventTimeKind.INSTANT;
            value = parser.getLongValue();
        } else {
            kind = token == JsonToken.VALUE_NULL ? EventTimeKind.ABSENT : EventTimeKind.UNREADABLE;
        }
    }

    public EventTimeKind eventTimeKind() {
        return kind;
    }

    /** Milliseconds or days since the epoch, depending on the kind. */
    public long eventTime() {
        return value;
    }

    public String unreadableReason() {
        return "field " + eventTimeField.orElse("") + " is neither an ISO-8601 date or timestamp nor a whole number of"
                + " milliseconds since 1970";
    }
}
