package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.CurrentDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * The past of keys of which nobody knows whether it has a deletion, in a table that forgets deletions and whose events leave values
 * out. A value that was told before a deletion must not be shown after it, so an event from that past is kept out even if its key has
 * a row. The past of a key is unknown up to the time from which deletions were forgotten when it became known.
 */
final class UnknownPast {
    /** The time up to which a key's past is unknown; null: all of it is known. */
    static final String UP_TO = ChangeCapture.OF_THE_PLATFORM + "unknown_up_to";

    private static final String IS_KNOWN = ChangeCapture.OF_THE_PLATFORM + "is_known";

    private final CurrentDefinition definition;
    private final States states;

    /** @param definition with tombstones */
    UnknownPast(CurrentDefinition definition, States states) {
        this.definition = definition;
        this.states = states;
    }

    /** Events apart from those of an unknown past, of which deletions are left out: they change nothing that is known. */
    Fold.Split split(Dataset<Row> events, Optional<Dataset<Row>> remembered, String forgotten) {
        SequenceTime time = SequenceTime.of(definition, events.schema());
        Column[] columns = Latest.columns(events);
        Column upTo = time.parsed(forgotten);
        Dataset<Row> all = events;
        if (remembered.isPresent()) {
            List<Column> known = new ArrayList<>(
                    definition.keys().stream().map(Latest::column).toList());
            known.add(col(UP_TO));
            known.add(lit(true).as(IS_KNOWN));
            Dataset<Row> keys = states.ofParts(states.touched(remembered.get(), events));
            all = events.join(keys.select(known.toArray(new Column[0])), Latest.names(definition.keys()), "left");
            upTo = when(col(IS_KNOWN), col(UP_TO)).otherwise(upTo);
        }
        Column isUnknown = coalesce(Latest.column(time.name()).leq(upTo), lit(false));
        Dataset<Row> late = all.filter(isUnknown.and(not(Latest.deletes(definition))));
        return new Fold.Split(all.filter(not(isUnknown)).select(columns), Optional.of(late.select(columns)));
    }

    /**
     * What is remembered of keys besides their states: {@link #UP_TO} and {@link Tombstones#TAKEN}.
     *
     * @param events the columns of events
     * @param isKnown whether the key is known already
     */
    List<Column> columns(StructType events, Optional<String> forgotten, Column isKnown, Instant now) {
        SequenceTime time = SequenceTime.of(definition, events);
        Column upTo = forgotten
                .map(time::parsed)
                .orElse(lit(null))
                .cast(events.apply(time.name()).dataType());
        return List.of(when(not(isKnown), upTo).as(UP_TO), lit(now).as(Tombstones.TAKEN));
    }
}
