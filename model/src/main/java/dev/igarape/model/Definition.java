package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
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
}
