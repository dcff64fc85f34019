package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.ChangeCapture;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Identities of which only content has decided which event counts, by {@link Summary#isAmbiguous}. A step counts those of its own
 * events. So an identity of which that is true after several steps was counted by one of them, however events fall into steps. One
 * that was counted may have got a later event since, which a step over all its events does not count.
 *
 * @param count how many
 * @param example one of them as JSON, always the same of several; empty: there is none
 */
record Ambiguous(long count, Optional<String> example) {
    static final Ambiguous NONE = new Ambiguous(0, Optional.empty());

    /** Whether an event is of one. */
    static final String COLUMN = ChangeCapture.OF_THE_PLATFORM + "ambiguous";

    private static final int LONGEST_EXAMPLE = 200;

    /**
     * Those that were counted.
     *
     * @param kept the events that were counted; only if there are some is one of them looked for
     */
    static Ambiguous of(List<EventCount> counts, Dataset<Row> kept, List<String> identity) {
        long count = counts.stream().mapToLong(EventCount::ambiguous).sum();
        if (count == 0) {
            return NONE;
        }
        Column[] columns = identity.stream().map(Latest::column).toArray(Column[]::new);
        Row example =
                kept.filter(col(COLUMN)).agg(functions.min(RowJson.of(columns))).first();
        return new Ambiguous(count, Optional.of(example.getString(0)));
    }

    /**
     * A warning, if there are any.
     *
     * @throws LakeException (EXPECTATION) if there are and the table declares {@code ambiguous_sequence: fail}
     */
    List<String> warnings(Table table, Fold fold) {
        if (count == 0) {
            return List.of();
        }
        String problem = fold.ambiguous(count)
                + example.map(Ambiguous::cut).map(key -> ", e.g. " + key).orElse("");
        String remedy = "Add a column to sequence_by of " + table.name() + " that tells them apart, such as the offset";
        if (((KeyedDefinition) table.definition()).failsWhenAmbiguous()) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Refused to build " + table.name() + ": " + problem
                            + ". Nothing was committed, for the table declares `ambiguous_sequence: fail`. " + remedy
                            + ", and run again; or declare `ambiguous_sequence: warn` to have one of them count: one"
                            + " that deletes its key, else the one whose content sorts last.");
        }
        return List.of(
                problem + ". One that deletes its key counts, else the one whose content sorts last. " + remedy + ".");
    }

    private static String cut(String json) {
        return json.length() <= LONGEST_EXAMPLE ? json : json.substring(0, LONGEST_EXAMPLE) + "…";
    }
}
