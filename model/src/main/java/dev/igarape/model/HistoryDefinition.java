package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All versions of each key, each with the time in which it held (a slowly changing dimension of type 2). A version starts
 * with an event in which a tracked column differs from the event before it, or that comes first or after a deletion; it
 * ends where the next version or a deletion starts. Other columns are those of the version's last event.
 *
 * @param sequenceBy the first column is the time from which an event holds; of the events of a key with equal time, the
 *     greatest counts
 * @param track columns whose change makes a version, sorted; at least one
 * @param periodColumns names of the columns that are added to those of the SQL. In JSON, {@code period_columns}
 */
@JsonPropertyOrder({
    "sql",
    "keys",
    "sequence_by",
    "delete_when",
    "track",
    "period_columns",
    "change_feed",
    "cdc",
    "ambiguous_sequence"
})
public record HistoryDefinition(
        String sql,
        List<String> keys,
        List<String> sequenceBy,
        Optional<String> deleteWhen,
        List<String> track,
        Period periodColumns,
        boolean changeFeed,
        Optional<ChangeCapture> cdc,
        Optional<AmbiguousSequence> ambiguousSequence)
        implements KeyedDefinition {
    public HistoryDefinition {
        keys = List.copyOf(keys);
        sequenceBy = List.copyOf(sequenceBy);
        track = track.stream().sorted().toList();
        if (keys.isEmpty() || sequenceBy.isEmpty() == cdc.isEmpty() || track.isEmpty()) {
            throw new IllegalArgumentException("a history has keys and track, and either sequence_by or cdc");
        }
    }

    /** That warns of events of equal sequence. */
    public HistoryDefinition(
            String sql,
            List<String> keys,
            List<String> sequenceBy,
            Optional<String> deleteWhen,
            List<String> track,
            Period periodColumns,
            boolean changeFeed,
            Optional<ChangeCapture> cdc) {
        this(sql, keys, sequenceBy, deleteWhen, track, periodColumns, changeFeed, cdc, Optional.empty());
    }

    /** Of events that its SQL gives. */
    public HistoryDefinition(
            String sql,
            List<String> keys,
            List<String> sequenceBy,
            Optional<String> deleteWhen,
            List<String> track,
            Period periodColumns,
            boolean changeFeed) {
        this(sql, keys, sequenceBy, deleteWhen, track, periodColumns, changeFeed, Optional.empty());
    }

    /** The column with the time from which an event holds; of captured changes, one that the table has not. */
    @JsonIgnore
    public String timeColumn() {
        return cdc.isPresent() ? ChangeCapture.TIME : sequenceBy.get(0);
    }

    /**
     * Names of the columns that say when a version held.
     *
     * @param from its start, the first column of {@code sequence_by}
     * @param to its end, which is not part of it; null while it holds
     * @param current whether it holds, a boolean
     */
    public record Period(String from, String to, String current) {}

    @Override
    public String kindName() {
        return "history";
    }

    @Override
    public boolean holdsValidity() {
        return true;
    }

    @Override
    public Map<String, String> addedColumns(Map<String, String> columns) {
        String time = cdc.isPresent() ? "timestamp" : columns.get(sequenceBy.get(0));
        Map<String, String> added = new LinkedHashMap<>();
        added.put(periodColumns.from(), time);
        added.put(periodColumns.to(), time);
        added.put(periodColumns.current(), "boolean");
        return added;
    }

    @Override
    public List<String> rules() {
        List<String> rules = new ArrayList<>(KeyedDefinition.super.rules());
        rules.add("track " + String.join(", ", track));
        rules.add(
                "period columns " + periodColumns.from() + ", " + periodColumns.to() + ", " + periodColumns.current());
        return rules;
    }

    /** Without the change feed and what becomes of ties, and whatever the order of keys: they decide no rows. */
    @Override
    public Definition decisive() {
        return new HistoryDefinition(
                sql, keys.stream().sorted().toList(), sequenceBy, deleteWhen, track, periodColumns, false, cdc);
    }
}
