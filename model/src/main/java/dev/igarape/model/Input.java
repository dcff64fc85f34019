package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A table that another one reads.
 *
 * @param lookback how many earlier dates of the input a date reads besides its own; 0 or more, and 0 for a table with
 *     intervals
 * @param lookbackTime for a table with intervals, how far before an interval it reads the input besides the interval
 *     itself; whole seconds, more than none. Empty: no further, or a table of whole dates. In JSON,
 *     {@code lookback_seconds}
 * @param refresh of a snapshot input, which has no dates and of which a date reads one version: when a later version makes
 *     the date stale. Empty for other inputs, and for those of views
 */
@JsonPropertyOrder({"table", "lookback", "lookback_seconds", "refresh"})
public record Input(
        TableName table,
        int lookback,

        @JsonProperty("lookback_seconds") @JsonFormat(pattern = "SECONDS")
        Optional<Duration> lookbackTime,

        Optional<Refresh> refresh) {
    public Input {
        if (lookback < 0) {
            throw new IllegalArgumentException("lookback is " + lookback + ": it counts earlier dates, 0 or more");
        }
        if (lookbackTime.filter(time -> time.isNegative() || time.isZero()).isPresent()) {
            throw new IllegalArgumentException(
                    "lookback is " + lookbackTime.get() + ": it reaches back, or is left out");
        }
        if (lookback > 0 && lookbackTime.isPresent()) {
            throw new IllegalArgumentException("a lookback is of dates or of time, not of both");
        }
        if (refresh.isPresent() && (lookback > 0 || lookbackTime.isPresent())) {
            throw new IllegalArgumentException("an input without dates has no lookback");
        }
    }

    /** An input with dates. */
    public Input(TableName table, int lookback, Optional<Duration> lookbackTime) {
        this(table, lookback, lookbackTime, Optional.empty());
    }

    /** An input of a table of whole dates. */
    public Input(TableName table, int lookback) {
        this(table, lookback, Optional.empty());
    }

    /** A snapshot input. */
    public static Input snapshot(TableName table, Refresh refresh) {
        return new Input(table, 0, Optional.empty(), Optional.of(refresh));
    }
}
