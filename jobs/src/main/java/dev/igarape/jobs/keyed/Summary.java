package dev.igarape.jobs.keyed;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** What counts of the events of each identity: a fold that takes events in any order and any parts to the same result. */
interface Summary {
    /**
     * What counts of events.
     *
     * @param events with the columns of the query and {@link Events#DATE}
     * @return one row for each identity, with {@link Latest#ORDER}
     */
    Dataset<Row> of(Dataset<Row> events);

    /** What counts of several parts, each of which {@link #of} has given, or a memory of it. */
    Dataset<Row> ofParts(Dataset<Row> parts);

    /** The rows that events may change: those whose keys are among theirs, with their columns in the same order. */
    Dataset<Row> touched(Dataset<Row> rows, Dataset<Row> events);

    /** Whether events touch all rows there are, and not those of their keys alone. */
    default boolean touchesAll(Dataset<Row> events) {
        return false;
    }

    /** The columns of what {@link #of} gives that later steps need. */
    Column[] memory(StructType summary);

    /** Whether an event says more than is known of its identity: {@link Latest#ORDER} of both, null where nothing is known. */
    Column isNews(Column known);

    /**
     * Whether only content decides what counts of an identity: an event, or what it tells of a column that others leave out, counts
     * although another one of equal sequence says something else, and one of the two is an event of the step. Never null.
     *
     * @param events the schema of {@link #of}
     * @param known as of {@link #isNews}; empty: nothing is known of any identity
     */
    default Column isAmbiguous(StructType events, Optional<Column> known) {
        return functions.lit(false);
    }

    /**
     * What all events together say, and no key alone; asked once those of a step are kept that {@link #of} was given.
     *
     * @param memory rows with the columns of {@link #memory}
     * @param known what is remembered, at least its rows without a key; empty: nothing
     * @return a row without a key, to be remembered with that of {@code memory}; empty: no more is said than is known
     * @throws dev.igarape.model.error.LakeException DEFINITION if they can't all be events of this table
     */
    default Optional<Dataset<Row>> ofAll(Dataset<Row> memory, Optional<Dataset<Row>> known)
            throws InterruptedException {
        return Optional.empty();
    }

    /** The events of keys with all that a history needs to know of each. */
    default Dataset<Row> complete(Dataset<Row> events) {
        return events;
    }
}
