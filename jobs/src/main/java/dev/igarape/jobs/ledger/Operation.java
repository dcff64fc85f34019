package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What kind of work a commit records. */
public enum Operation {
    /** Took data from a source. */
    LAND,
    /** Ran a table's query. */
    BUILD,
    /** Gave quarantined records another try. */
    REPLAY,
    /** Went back to an older version of a date. */
    ROLLBACK,
    /** Wrote the same rows into fewer files. */
    COMPACT,
    /** Gave up rows that were kept for as long as was declared. */
    EXPIRE,
    /** Deleted files that no reader needs any more. */
    CLEAN;

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
