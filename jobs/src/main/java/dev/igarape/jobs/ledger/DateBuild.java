package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What one date of a commit was built from, and its row counts.
 *
 * @param inputs sequence numbers of the input commits read, by input table
 * @param snapshots by input without dates, the version of it that was read; left out where there is none
 * @param rowWise whether each row comes from one input row, so that the balance counts input rows; where it does not,
 *     {@code read} counts the rows that the query produced and {@code inputs} proves what was read whole
 * @param changed event times of all rows in which the date differs from its version before, ascending; empty, and left out:
 *     it is not known more closely than by the times of the partitions written
 * @param kept those rows of the balance that the build has not computed, but kept as they stood; empty, and left out, where
 *     there are none
 */
public record DateBuild(
        LocalDate date,
        Map<TableName, SequenceSet> inputs,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        Map<TableName, SnapshotRead> snapshots,

        boolean rowWise,
        Balance balance,
        List<ExpectationResult> expectations,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<TimeRange> changed,

        Optional<Balance> kept) {
    public DateBuild {
        inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
        snapshots = Collections.unmodifiableMap(new TreeMap<>(snapshots));
        expectations = List.copyOf(expectations);
        changed = List.copyOf(changed);
    }

    /** That has computed all its rows. */
    public DateBuild(
            LocalDate date,
            Map<TableName, SequenceSet> inputs,
            Map<TableName, SnapshotRead> snapshots,
            boolean rowWise,
            Balance balance,
            List<ExpectationResult> expectations,
            List<TimeRange> changed) {
        this(date, inputs, snapshots, rowWise, balance, expectations, changed, Optional.empty());
    }

    /** Of which it is not known when the rows that differ from those of the version before are. */
    public DateBuild(
            LocalDate date,
            Map<TableName, SequenceSet> inputs,
            Map<TableName, SnapshotRead> snapshots,
            boolean rowWise,
            Balance balance,
            List<ExpectationResult> expectations) {
        this(date, inputs, snapshots, rowWise, balance, expectations, List.of());
    }

    /** From dated inputs alone. */
    public DateBuild(
            LocalDate date,
            Map<TableName, SequenceSet> inputs,
            boolean rowWise,
            Balance balance,
            List<ExpectationResult> expectations) {
        this(date, inputs, Map.of(), rowWise, balance, expectations);
    }

    /** The same build, which has kept these rows of its balance as they stood. */
    public DateBuild keeping(Balance rows) {
        return new DateBuild(
                date,
                inputs,
                snapshots,
                rowWise,
                balance,
                expectations,
                changed,
                rows.equals(Balance.NONE) ? Optional.empty() : Optional.of(rows));
    }
}
