package dev.igarape.wire.json.writer;

import java.util.Objects;

/**
 * An error for which a JSON document does not fit a schema.
 *
 * @param pointer where, as an RFC 6901 JSON pointer; the whole document is the empty string
 * @param message the error there, and what would be valid
 */
public record ConversionError(String pointer, String message) {
    public ConversionError {
        Objects.requireNonNull(pointer, "pointer");
        Objects.requireNonNull(message, "message");
    }
}
