package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What kind of work a commit records. */
public enum Operation {
    /** Took data from a source. */
    LAND,
    /** Ran a table's query. */
    BUILD;

    /** By its name in ledgers, e.g. {@code land}. */
    @JsonCreator
    public static Operation of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
