package dev.igarape.wire.json.writer;

import java.util.Objects;

/**
 * An error for which a JSON document does not fit a schema.
 *
 * @param pointer where, as an RFC 6901 JSON pointer; the whole document is the empty string
 * @param message what is wrong there and what would be right
 */
public record ConversionError(String pointer, String message) {
    public ConversionError {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(message, "message");
    }
}
