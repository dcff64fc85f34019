package dev.igarape.jobs.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * How one date of a table stands, and why.
 *
 * @param reasons sentences without a full stop, e.g. {@code raw.orders has commit 7 with 12 rows}; none for a fresh
 *     date, nor for a frozen one of which nothing but age has changed
 * @param rows of the input commits that the table has not read yet
 */
public record PlannedDate(TableName table, LocalDate date, Status status, List<String> reasons, long rows) {
    public PlannedDate {
        reasons = List.copyOf(reasons);
    }

    /** What is to be done about a date. */
    public enum Status {
        /** Built from the input commits and the definition of now. */
        FRESH,
        /** Built, but inputs or definition have changed since. */
        STALE,
        /** Never built, and its inputs are there. */
        MISSING,
        /** Can't be built: an input lacks the date, or may still get rows of it that the table waits for. */
        BLOCKED,
        /** Stale or missing, and a run that lives is at work on it. */
        RUNNING,
        /** Built, and what it was built from has expired: to build it again would lose rows. */
        FROZEN;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a build would change it and lose nothing. */
    public boolean isDue() {
        return status == Status.STALE || status == Status.MISSING;
    }

    /** Whether a build would change it but lose rows that have expired. */
    public boolean isDueAtALoss() {
        return status == Status.FROZEN && !reasons.isEmpty();
    }
}
