package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table's full name, {@code <layer>.<name>}, e.g. {@code trusted.insights}. Also names the Airflow task and the
 * folder.
 */
public record TableName(Layer layer, String name) implements Comparable<TableName> {
    private static final Pattern FORM = Pattern.compile("([a-z]+)\\.([a-z][a-z0-9_]{0,99})");

    public TableName {
        if (!name.matches("[a-z][a-z0-9_]{0,99}")) {
            throw new IllegalArgumentException("'" + name + "' is not a table name: use lower-case letters, digits and"
                    + " underscores, starting with a letter");
        }
    }

    /** Parses {@code <layer>.<name>}; throws IllegalArgumentException that says what is wrong. */
    @JsonCreator
    public static TableName parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a table: write <layer>.<name>, e.g. trusted.orders,"
                            + " with lower-case letters, digits and underscores");
        }
        return new TableName(Layer.parse(form.group(1)), form.group(2));
    }

    /** The table with the quarantined rows of this one: {@code quarantine.<layer>_<name>}. */
    public TableName quarantine() {
        return new TableName(Layer.QUARANTINE, layer + "_" + name);
    }

    @JsonValue
    @Override
    public String toString() {
        return layer + "." + name;
    }

    @Override
    public int compareTo(TableName other) {
        return toString().compareTo(other.toString());
    }
}
