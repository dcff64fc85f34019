package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which changes of an input without dates make the dates stale that were built with an earlier version of it. */
public enum Refresh {
    /** None. */
    NEVER,
    /** Each: a date is stale once the input's rows have changed. */
    ALWAYS,
    /** Of a table with validity periods: a date is stale once what held on it, or before it, has changed. */
    VALIDITY;

    /** The word in {@code pipeline.yaml} and in the manifest: lower case. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
