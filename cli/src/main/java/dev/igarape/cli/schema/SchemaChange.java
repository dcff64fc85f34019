package dev.igarape.cli.schema;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * One thing that a newer schema has otherwise than an older one.
 *
 * @param field path from the value, e.g. {@code address.lines[]}
 * @param before how it was, for people; empty where it was not
 * @param after how it is; empty where it is gone
 */
public record SchemaChange(Kind change, String field, String before, String after) {
    /** What has happened to it. */
    public enum Kind {
        ADDED,
        DROPPED,
        /** It has another name and names the old one as an alias; {@code before} and {@code after} are the names. */
        RENAMED,
        /** Its type reads what the old one has written. */
        WIDENED,
        /** Its type does not read what the old one has written. */
        CHANGED,
        DEFAULT;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it is told on a line. */
    public String told() {
        return before.isEmpty() ? after : after.isEmpty() ? "was " + before : before + " -> " + after;
    }
}
