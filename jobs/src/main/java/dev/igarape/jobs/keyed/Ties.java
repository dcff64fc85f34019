package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.bitwise_not;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import dev.igarape.model.ChangeCapture;
import java.util.List;
import org.apache.spark.sql.Column;

/**
 * Whether events of equal sequence say different things. Of the events with the greatest sequence, the greatest and the least hash of
 * what they say are found: these differ if and only if what is said does, but for a chance of one in 2<sup>64</sup>. Each is a
 * maximum, the least one of complements, so that no order of events shows.
 */
final class Ties {
    private static final String MOST = ChangeCapture.OF_THE_PLATFORM + "most";
    private static final String LEAST = ChangeCapture.OF_THE_PLATFORM + "least";
    private static final String SEQUENCE = "sequence";
    private static final String HASH = "hash";

    private final String most;
    private final String least;

    private Ties(String name) {
        this.most = MOST + name;
        this.least = LEAST + name;
    }

    /** Of whole events. */
    static Ties ofEvents() {
        return new Ties("");
    }

    /** Of what events tell of a column. */
    static Ties ofColumn(String column) {
        return new Ties("_" + column);
    }

    /** Whether a column is a maximum of these. */
    static boolean isFolded(String name) {
        return name.startsWith(MOST) || name.startsWith(LEAST);
    }

    /**
     * What an event adds.
     *
     * @param says whether it says anything
     * @param sequence a struct
     * @param what it says
     */
    List<Column> of(Column says, Column sequence, Column what) {
        Column hash = xxhash64(what);
        return List.of(
                when(says, struct(sequence.as(SEQUENCE), hash.as(HASH))).as(most),
                when(says, struct(sequence.as(SEQUENCE), bitwise_not(hash).as(HASH)))
                        .as(least));
    }

    /** Whether events of a step with the greatest sequence differ. */
    Column isTied() {
        return coalesce(differ(), lit(false));
    }

    /**
     * Whether events with the greatest sequence differ of a step and of what is known, and the step has one of them.
     *
     * @param sequence the greatest one that is known; null: none
     * @param what is known to be said there
     */
    Column isTied(Column sequence, Column what) {
        Column ofStep = col(most).getField(SEQUENCE);
        Column isLast = sequence.isNull().or(ofStep.geq(sequence));
        Column differsFromKnown =
                ofStep.equalTo(sequence).and(col(most).getField(HASH).notEqual(xxhash64(what)));
        return coalesce(isLast.and(differ()), lit(false)).or(coalesce(differsFromKnown, lit(false)));
    }

    private Column differ() {
        return col(most).getField(HASH).notEqual(bitwise_not(col(least).getField(HASH)));
    }
}
