package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Capability of a table, such as incremental or compacted. Jobs, Airflow and the docs ask for traits instead of comparing names of kinds,
 * so that a new kind is served by everything that it says it can do. The manifest holds the traits of each table.
 */
public enum Trait {
    /** Has rows of its own: files, a ledger, a retention. */
    ROWS,
    /** Each run takes what the source has got since the last run; the date of the run plays no part. */
    INCREMENTAL,
    /** A run builds just the dates that it is given, each as a whole, so a date has versions. */
    DATED,
    /** A source gives the rows of a date, which are kept until they are asked for again ({@code --refetch}). */
    REFETCHABLE,
    /** Dates are built from the rows of inputs, so {@code plan} knows which are stale. */
    PLANNED,
    /** The rows are what a query gives, so all columns can be declared. */
    QUERY,
    /** Rows may be refused; they go to the table's quarantine and can be replayed. */
    QUARANTINED,
    /** Each row has an event time, so tables with intervals can read just the rows of an interval. */
    TIMED,
    /** Has rows by key, whatever their dates: all of the table is one version. Runs and plans go by the dates of its inputs. */
    KEYED,
    /** {@code compact} merges its small files. */
    COMPACTED;

    /** The name in the manifest: lower case. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
