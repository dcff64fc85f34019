package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Spark SQL over the inputs of one date.
 *
 * @param time a column of timestamps; empty: rows have a date but no time
 * @param interval the length of the parts of a date that are computed again by themselves: whole minutes that divide
 *     a day, and only with {@code time}. Empty: dates are computed whole. In JSON, {@code interval_seconds}
 */
@JsonPropertyOrder({"sql", "time", "interval_seconds"})
public record DailyDefinition(
        String sql,
        Optional<String> time,

        @JsonProperty("interval_seconds") @JsonFormat(pattern = "SECONDS")
        Optional<Duration> interval)
        implements Definition {
    /** The rule by which rows without a time go to quarantine, where the table has a column of times. */
    public static final String TIME_RULE = "has_time";
    /** Those of every daily table; one with a time is {@link Trait#TIMED} too. */
    public static final Set<Trait> TRAITS =
            Set.of(Trait.ROWS, Trait.DATED, Trait.PLANNED, Trait.QUERY, Trait.QUARANTINED, Trait.COMPACTED);

    public DailyDefinition {
        if (interval.isPresent() && time.isEmpty()) {
            throw new IllegalArgumentException("intervals of " + interval.get() + " need a column of times");
        }
    }

    /** Computed by whole dates, of rows without a time. */
    public DailyDefinition(String sql) {
        this(sql, Optional.empty(), Optional.empty());
    }

    @Override
    public String kindName() {
        return "daily";
    }

    @Override
    public Set<Trait> traits() {
        if (time.isEmpty()) {
            return TRAITS;
        }
        Set<Trait> timed = EnumSet.copyOf(TRAITS);
        timed.add(Trait.TIMED);
        return timed;
    }

    @Override
    public List<String> rules() {
        List<String> rules = new ArrayList<>();
        time.ifPresent(column -> rules.add("time " + column));
        interval.ifPresent(length -> rules.add("interval " + length.toMinutes() + " minutes"));
        return rules;
    }

    @Override
    public Optional<Storage> storage() {
        List<String> columns = interval.isPresent() ? List.of(Storage.INTERVAL) : List.of();
        return Optional.of(new Storage(Storage.Format.PARQUET, columns));
    }

    @Override
    public Optional<String> query() {
        return Optional.of(sql);
    }
}
