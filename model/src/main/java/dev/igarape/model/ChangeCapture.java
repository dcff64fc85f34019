package dev.igarape.model;

import java.util.List;

/**
 * That a table with keys is made of the changes of a database's table, as a change data capture tool writes them.
 *
 * @param format {@link #DEBEZIUM}
 * @param epochs names of the sources ({@code topic.prefix} of connectors) that follow each other in time, the first one first;
 *     empty: all changes are of one source, whatever its name
 */
public record ChangeCapture(String format, List<String> epochs) {
    /** Envelopes of Debezium's connector for PostgreSQL: {@code before}, {@code after}, {@code source}, {@code op}. */
    public static final String DEBEZIUM = "debezium";
    /** The form in which tables remember captured changes: one that has another form is computed anew. */
    public static final int FORM = 2;
    /** What columns start with that a step adds to changes, and that no table has. */
    public static final String OF_THE_PLATFORM = "__igarape_";
    /** The time of a change in its database, by which a history has its versions. */
    public static final String TIME = OF_THE_PLATFORM + "time";

    /** The rule by which changes of an unknown operation go to quarantine. */
    public static final String OP_RULE = "known_op";
    /** The rule by which changes of a source that is none of the epochs go to quarantine. */
    public static final String SOURCE_RULE = "known_source";
    /** The rule by which changes with a value that the declared type has not go to quarantine. */
    public static final String TYPE_RULE = "has_types";

    public ChangeCapture {
        epochs = List.copyOf(epochs);
    }

    /** What it decides, as a line for people who compare definitions. */
    public String rule() {
        String sources = epochs.isEmpty() ? "" : ", epochs " + String.join(", ", epochs);
        return "cdc " + format + sources;
    }
}
