package dev.igarape.jobs.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;

/**
 * How one date of a table stands, and why.
 *
 * @param reasons sentences without a full stop, e.g. {@code raw.orders has commit 7 with 12 rows}; none for a fresh date
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
        /** Can't be built: an input lacks the date. */
        BLOCKED;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a build would change it. */
    public boolean isDue() {
        return status == Status.STALE || status == Status.MISSING;
    }
}
