package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The latest row of each key: of its events the one with the greatest sequence stands, or none if that deletes it.
 *
 * @param tombstones how long a deletion is remembered at the least; empty: for good. The first column of the sequence is
 *     then a time. In JSON, {@code tombstones_seconds}
 * @param ignoreNull columns, sorted, of which an event that says null tells nothing: they keep the last value that an event of
 *     the key has told since it was last deleted. In JSON, {@code ignore_null}, left out where there are none
 */
@JsonPropertyOrder({
    "sql",
    "keys",
    "sequence_by",
    "delete_when",
    "change_feed",
    "cdc",
    "tombstones_seconds",
    "ignore_null",
    "ambiguous_sequence"
})
public record CurrentDefinition(
        String sql,
        List<String> keys,
        List<String> sequenceBy,
        Optional<String> deleteWhen,
        boolean changeFeed,
        Optional<ChangeCapture> cdc,

        @JsonProperty("tombstones_seconds") @JsonFormat(pattern = "SECONDS")
        Optional<Duration> tombstones,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<String> ignoreNull,

        Optional<AmbiguousSequence> ambiguousSequence)
        implements KeyedDefinition {
    public CurrentDefinition {
        keys = List.copyOf(keys);
        sequenceBy = List.copyOf(sequenceBy);
        if (keys.isEmpty() || sequenceBy.isEmpty() == cdc.isEmpty()) {
            throw new IllegalArgumentException("a current table has keys, and either sequence_by or cdc");
        }
        ignoreNull = ignoreNull.stream().sorted().toList();
        if (tombstones.isPresent() && deleteWhen.isEmpty()) {
            throw new IllegalArgumentException("a current table without delete_when has no tombstones");
        }
    }

    /** That warns of events of equal sequence. */
    public CurrentDefinition(
            String sql,
            List<String> keys,
            List<String> sequenceBy,
            Optional<String> deleteWhen,
            boolean changeFeed,
            Optional<ChangeCapture> cdc,
            Optional<Duration> tombstones,
            List<String> ignoreNull) {
        this(sql, keys, sequenceBy, deleteWhen, changeFeed, cdc, tombstones, ignoreNull, Optional.empty());
    }

    /** Whose deletions are remembered for good, and whose events tell all columns. */
    public CurrentDefinition(
            String sql,
            List<String> keys,
            List<String> sequenceBy,
            Optional<String> deleteWhen,
            boolean changeFeed,
            Optional<ChangeCapture> cdc) {
        this(sql, keys, sequenceBy, deleteWhen, changeFeed, cdc, Optional.empty(), List.of());
    }

    /** Of events that its SQL gives. */
    public CurrentDefinition(
            String sql, List<String> keys, List<String> sequenceBy, Optional<String> deleteWhen, boolean changeFeed) {
        this(sql, keys, sequenceBy, deleteWhen, changeFeed, Optional.empty());
    }

    @Override
    public String kindName() {
        return "current";
    }

    @Override
    public List<String> rules() {
        List<String> rules = new ArrayList<>(KeyedDefinition.super.rules());
        tombstones.ifPresent(kept -> rules.add("tombstones " + DurationText.of(kept)));
        if (!ignoreNull.isEmpty()) {
            rules.add("ignore_null " + String.join(", ", ignoreNull));
        }
        return rules;
    }

    /** Without the change feed and what becomes of ties, and whatever the order of keys: they decide no rows. */
    @Override
    public Definition decisive() {
        return new CurrentDefinition(
                sql, keys.stream().sorted().toList(), sequenceBy, deleteWhen, false, cdc, tombstones, ignoreNull);
    }
}
