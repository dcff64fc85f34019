package dev.igarape.cli.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * A difference between a newer schema and an older one.
 *
 * @param field path from the value, e.g. {@code address.lines[]}
 * @param before the old state, for people; empty where there was none
 * @param after the new state; empty where there is none
 */
public record SchemaChange(@JsonProperty("change") ChangeType type, String field, String before, String after) {
    /** What kind of change it is. */
    public enum ChangeType {
        ADDED,
        DROPPED,
        /** It has another name and names the old one as an alias; {@code before} and {@code after} are the names. */
        RENAMED,
        /** Its type can read values of the old one. */
        WIDENED,
        /** Its type can't read values of the old one. */
        CHANGED,
        DEFAULT;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The change in one line. */
    public String description() {
        return before.isEmpty() ? after : after.isEmpty() ? "was " + before : before + " -> " + after;
    }
}
