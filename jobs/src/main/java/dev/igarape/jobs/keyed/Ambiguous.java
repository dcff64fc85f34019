package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.ChangeCapture;
import dev.igarape.model.Definition;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
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

    private static final String COUNT = "ambiguous";
    private static final String EXAMPLE = "example";
    private static final int LONGEST_EXAMPLE = 200;

    /** Counts events by {@link #COLUMN}, for {@link #plus}. */
    static Column counted() {
        return functions.count(when(col(COLUMN), 1)).as(COUNT);
    }

    /** Finds an example among them, for {@link #plus}. */
    static Column shown(List<String> identity) {
        Column[] columns = identity.stream().map(Latest::column).toArray(Column[]::new);
        return functions.min(when(col(COLUMN), RowJson.of(columns))).as(EXAMPLE);
    }

    /** With those of a row that has {@link #counted} and {@link #shown}. */
    Ambiguous plus(Row row) {
        int place = row.fieldIndex(EXAMPLE);
        Optional<String> other = row.isNullAt(place) ? Optional.empty() : Optional.of(row.getString(place));
        return new Ambiguous(
                count + row.getLong(row.fieldIndex(COUNT)),
                Stream.concat(example.stream(), other.stream()).min(String::compareTo));
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
        if (((Definition.Keyed) table.definition()).failsWhenAmbiguous()) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Refused to build " + table.name() + ": " + problem
                            + ". Nothing was committed, for the table declares `ambiguous_sequence: fail`. " + remedy
                            + ", and run again; or declare `ambiguous_sequence: warn` to have the one count whose content"
                            + " sorts last.");
        }
        return List.of(problem + ". The one whose content sorts last counts. " + remedy + ".");
    }

    private static String cut(String json) {
        return json.length() <= LONGEST_EXAMPLE ? json : json.substring(0, LONGEST_EXAMPLE) + "…";
    }
}
