package dev.igarape.model.job;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The status of one date of a table in a plan, with its reasons.
 *
 * @param reasons sentences without a full stop, e.g. {@code raw.orders has commit 7 with 12 rows}; empty for a fresh
 *     date and for a frozen one whose inputs have only expired
 * @param rows number of rows in input commits that the table has not read
 * @param intervals of a table with intervals
 */
@JsonPropertyOrder({"table", "date", "status", "rows", "intervals", "reasons"})
public record PlannedDate(
        TableName table,
        LocalDate date,
        Status status,
        List<String> reasons,
        long rows,
        Optional<PlannedIntervals> intervals) {
    public PlannedDate {
        reasons = List.copyOf(reasons);
    }

    /** A date of a table without intervals. */
    public PlannedDate(TableName table, LocalDate date, Status status, List<String> reasons, long rows) {
        this(table, date, status, reasons, rows, Optional.empty());
    }

    /** The same date with another status, for other reasons. */
    public PlannedDate as(Status other, List<String> why) {
        return new PlannedDate(table, date, other, why, rows, intervals);
    }

    /** Whether a date must be built. */
    public enum Status {
        /** Built from the current input commits and definition. */
        FRESH,
        /** Built, but inputs or definition have changed since. */
        STALE,
        /** Not built, and its inputs are available. */
        MISSING,
        /** Cannot be built: an input lacks the date, or the table still waits for rows of it. */
        BLOCKED,
        /** Stale or missing, and being built by a running run. */
        RUNNING,
        /** Built, but its inputs have expired: rebuilding it would lose rows. */
        FROZEN;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a build would change it and lose nothing. */
    @JsonIgnore
    public boolean isDue() {
        return status == Status.STALE || status == Status.MISSING;
    }

    /** Whether a build would change it but lose rows that have expired. */
    @JsonIgnore
    public boolean isDueAtALoss() {
        return status == Status.FROZEN && !reasons.isEmpty();
    }
}
