package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a table is built: its kind, with what that kind needs. The kinds that a program knows are listed in
 * {@link Kinds}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
public interface Definition {
    /** The kind as written in {@code pipeline.yaml}. */
    String kindName();

    /** What tables defined like this are and can do. */
    Set<Trait> traits();

    /** In which form the rows are kept; empty where there are none. */
    Optional<Storage> storage();

    /** The query of a kind that is defined by one. */
    default Optional<String> query() {
        return Optional.empty();
    }

    /** The topics that the table is landed from; empty for all but landings from Kafka. */
    default Optional<Source.Kafka> kafka() {
        return Optional.empty();
    }

    /** The column that holds the event time of a row, where a definition names one. */
    default Optional<String> time() {
        return Optional.empty();
    }

    /** Where rows have their event time: a column, and the field below it; empty where they have only a date. */
    default Optional<List<String>> timePath() {
        return time().map(List::of)
                .or(() -> kafka().map(source ->
                        source.eventTime().map(field -> List.of("value", field)).orElse(List.of("timestamp"))));
    }

    /**
     * The columns that a table has besides those of its query, in order, after them.
     *
     * @param columns Spark SQL type by column of the query
     */
    default Map<String, String> addedColumns(Map<String, String> columns) {
        return Map.of();
    }

    /** The length of the intervals by which a date is computed again; empty: dates are computed whole. */
    default Optional<Duration> interval() {
        return Optional.empty();
    }

    /** What decides the rows besides the query, as lines for people who compare definitions: {@code keys a, b}. */
    default List<String> rules() {
        return List.of();
    }

    /** Whether its rows say in which time they hold, so that a change of them says from when on it matters. */
    default boolean holdsValidity() {
        return false;
    }

    /** When the live service lands a table; empty: as soon as something is new. */
    default Optional<CommitRule> commitRule() {
        return Optional.empty();
    }

    /** Without what decides no rows. */
    default Definition decisive() {
        return this;
    }

    /**
     * Data as received from a source.
     *
     * @param commit when the live service lands; empty: as soon as something is new
     */
    record Landing(Source source, Optional<CommitRule> commit) implements Definition {
        /** With what is new as soon as it is there. */
        public Landing(Source source) {
            this(source, Optional.empty());
        }

        @Override
        public String kindName() {
            return "landing";
        }

        @Override
        public Set<Trait> traits() {
            return source.traits();
        }

        @Override
        public Optional<Storage> storage() {
            return Optional.of(source.storage());
        }

        @Override
        public Optional<Source.Kafka> kafka() {
            return source.kafka();
        }

        @Override
        public Optional<CommitRule> commitRule() {
            return commit;
        }

        @Override
        public Landing decisive() {
            return new Landing(source);
        }
    }

    /**
     * Spark SQL over the inputs of one date.
     *
     * @param time a column of timestamps; empty: rows have a date but no time
     * @param interval the length of the parts of a date that are computed again by themselves: whole minutes that divide
     *     a day, and only with {@code time}. Empty: dates are computed whole. In JSON, {@code interval_seconds}
     */
    @JsonPropertyOrder({"sql", "time", "interval_seconds"})
    record Daily(
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

        public Daily {
            if (interval.isPresent() && time.isEmpty()) {
                throw new IllegalArgumentException("intervals of " + interval.get() + " need a column of times");
            }
        }

        /** Computed by whole dates, of rows without a time. */
        public Daily(String sql) {
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

    /**
     * A table with rows by key, made of events: Spark SQL gives them over the inputs of each date, and their sequence puts the
     * events of a key in order.
     */
    interface Keyed extends Definition {
        /** The rule by which rows without a key go to quarantine. */
        String KEY_RULE = "has_key";
        /** The rule by which rows without a sequence go to quarantine. */
        String SEQUENCE_RULE = "has_sequence";
        /** The rule by which events go to quarantine that come after the deletions which might be newer were forgotten. */
        String LATE_RULE = "too_late";
        /** Those of every table of this sort. */
        Set<Trait> TRAITS =
                Set.of(Trait.ROWS, Trait.KEYED, Trait.PLANNED, Trait.QUERY, Trait.QUARANTINED, Trait.COMPACTED);

        String sql();

        /** Columns that name what events are of; at least one. */
        List<String> keys();

        /** Columns that put the events of a key in order, the first one first; at least one. In JSON, {@code sequence_by}. */
        List<String> sequenceBy();

        /** Condition over the columns by which an event deletes its key; empty: none does. In JSON, {@code delete_when}. */
        Optional<String> deleteWhen();

        /** Whether the table keeps its changes for readers of {@code table_changes}. In JSON, {@code change_feed}. */
        boolean changeFeed();

        /** Whether, and how, its events are the changes of a database; then it has no {@link #sequenceBy}. */
        Optional<ChangeCapture> cdc();

        /**
         * The action where only the content of events of equal sequence decides which of them counts; empty: {@code warn}. In JSON,
         * {@code ambiguous_sequence}.
         */
        Optional<AmbiguousSequence> ambiguousSequence();

        /** The action on a run in which only the content of events of equal sequence decides which of them counts. */
        enum AmbiguousSequence {
            /** It commits and warns. */
            WARN,
            /** It is refused with exit code 5; nothing is committed. */
            FAIL;

            @JsonValue
            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT);
            }
        }

        /** Whether a run fails, and commits nothing, in which only the content of events of equal sequence decides. */
        default boolean failsWhenAmbiguous() {
            return ambiguousSequence().equals(Optional.of(AmbiguousSequence.FAIL));
        }

        @Override
        default Set<Trait> traits() {
            return TRAITS;
        }

        @Override
        default List<String> rules() {
            List<String> rules = new ArrayList<>();
            rules.add("keys " + String.join(", ", keys().stream().sorted().toList()));
            rules.add(cdc().map(ChangeCapture::rule).orElse("sequence_by " + String.join(", ", sequenceBy())));
            deleteWhen().ifPresent(condition -> rules.add("delete_when " + condition));
            return rules;
        }

        @Override
        default Optional<Storage> storage() {
            return Optional.of(new Storage(Storage.Format.DELTA, List.of()));
        }

        @Override
        default Optional<String> query() {
            return Optional.of(sql());
        }
    }

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
    record Current(
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
            implements Keyed {
        public Current {
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
        public Current(
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
        public Current(
                String sql,
                List<String> keys,
                List<String> sequenceBy,
                Optional<String> deleteWhen,
                boolean changeFeed,
                Optional<ChangeCapture> cdc) {
            this(sql, keys, sequenceBy, deleteWhen, changeFeed, cdc, Optional.empty(), List.of());
        }

        /** Of events that its SQL gives. */
        public Current(
                String sql,
                List<String> keys,
                List<String> sequenceBy,
                Optional<String> deleteWhen,
                boolean changeFeed) {
            this(sql, keys, sequenceBy, deleteWhen, changeFeed, Optional.empty());
        }

        @Override
        public String kindName() {
            return "current";
        }

        @Override
        public List<String> rules() {
            List<String> rules = new ArrayList<>(Keyed.super.rules());
            tombstones.ifPresent(kept -> rules.add("tombstones " + DurationText.of(kept)));
            if (!ignoreNull.isEmpty()) {
                rules.add("ignore_null " + String.join(", ", ignoreNull));
            }
            return rules;
        }

        /** Without the change feed and what becomes of ties, and whatever the order of keys: they decide no rows. */
        @Override
        public Definition decisive() {
            return new Current(
                    sql, keys.stream().sorted().toList(), sequenceBy, deleteWhen, false, cdc, tombstones, ignoreNull);
        }
    }

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
    record History(
            String sql,
            List<String> keys,
            List<String> sequenceBy,
            Optional<String> deleteWhen,
            List<String> track,
            Period periodColumns,
            boolean changeFeed,
            Optional<ChangeCapture> cdc,
            Optional<AmbiguousSequence> ambiguousSequence)
            implements Keyed {
        public History {
            keys = List.copyOf(keys);
            sequenceBy = List.copyOf(sequenceBy);
            track = track.stream().sorted().toList();
            if (keys.isEmpty() || sequenceBy.isEmpty() == cdc.isEmpty() || track.isEmpty()) {
                throw new IllegalArgumentException("a history has keys and track, and either sequence_by or cdc");
            }
        }

        /** That warns of events of equal sequence. */
        public History(
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
        public History(
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
            List<String> rules = new ArrayList<>(Keyed.super.rules());
            rules.add("track " + String.join(", ", track));
            rules.add("period columns " + periodColumns.from() + ", " + periodColumns.to() + ", "
                    + periodColumns.current());
            return rules;
        }

        /** Without the change feed and what becomes of ties, and whatever the order of keys: they decide no rows. */
        @Override
        public Definition decisive() {
            return new History(
                    sql, keys.stream().sorted().toList(), sequenceBy, deleteWhen, track, periodColumns, false, cdc);
        }
    }

    /** A Trino view. */
    record View(String sql) implements Definition {
        /** Those of every view. */
        public static final Set<Trait> TRAITS = Set.of(Trait.QUERY);

        @Override
        public String kindName() {
            return "view";
        }

        @Override
        public Set<Trait> traits() {
            return TRAITS;
        }

        @Override
        public Optional<Storage> storage() {
            return Optional.empty();
        }

        @Override
        public Optional<String> query() {
            return Optional.of(sql);
        }
    }
}
