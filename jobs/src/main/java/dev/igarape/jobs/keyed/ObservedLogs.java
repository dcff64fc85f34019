package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import dev.igarape.jobs.keyed.SourceLogs.Extreme;
import dev.igarape.jobs.keyed.SourceLogs.Place;
import dev.igarape.model.ChangeCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;

/** Finds {@link SourceLogs} of changes in the pass that reads them. */
final class ObservedLogs {
    /** How many epochs there are. */
    private final int epochs;

    private final List<Observation> observations = new ArrayList<>();

    ObservedLogs(ChangeCapture capture) {
        this.epochs = Math.max(1, capture.epochs().size());
    }

    /** The same changes, each of which counts once they are kept. */
    Dataset<Row> observe(Dataset<Row> changes) {
        List<Column> places = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (Extreme extreme : Extreme.values()) {
                Column ofEpoch = col(Envelopes.POSITION).getField("epoch").equalTo(epoch);
                Column place = when(ofEpoch, place(extreme));
                places.add((extreme.isGreatest() ? max(place) : min(place)).as(name(epoch, extreme)));
            }
        }
        Observation observation = new Observation();
        observations.add(observation);
        return changes.observe(
                observation, places.get(0), places.subList(1, places.size()).toArray(new Column[0]));
    }

    /** The place of a change; null if it has none. */
    private static Column place(Extreme extreme) {
        Column position = col(Envelopes.POSITION);
        Column lsn = position.getField("lsn");
        Column commit = position.getField("commit");
        Column told = col(Envelopes.TOLD);
        Column time = unix_micros(col(ChangeCapture.TIME));
        Column hasCommit = commit.notEqual(Envelopes.NO_COMMIT);
        Column streamed = position.getField("streamed").equalTo(1);
        Column isSnapshot = not(hasCommit).and(not(streamed));
        // Rows of an incremental snapshot are told between changes, and are none.
        Column isChange = position.getField("change").equalTo(1);
        Column isFirst = isChange.and(not(hasCommit)).and(streamed);
        Column isLater = isChange.and(hasCommit);
        return switch (extreme) {
            case SNAPSHOT_LSN -> when(isSnapshot, place(lsn, lit(0L)));
            case SNAPSHOT_TOLD -> when(isSnapshot.and(told.isNotNull()), place(told, lsn));
            case CHANGE_TOLD -> when(isChange.and(told.isNotNull()), place(told, lit(0L)));
            case FIRST_EARLIEST, FIRST_LATEST -> when(isFirst, place(time, lit(0L)));
            case LEAST_COMMIT, GREATEST_COMMIT -> when(isLater, place(commit, time));
            case EARLIEST, LATEST -> when(isLater, place(time, lit(0L)));
            case FLOOR -> when(col(Envelopes.FLOOR), place(lit(1L), lit(0L)));
        };
    }

    private static Column place(Column value, Column more) {
        return struct(value.as("value"), more.as("more"));
    }

    private static String name(int epoch, Extreme extreme) {
        return epoch + ":" + extreme;
    }

    /** What the changes say, once they are kept. */
    SourceLogs found() throws InterruptedException {
        SourceLogs logs = new SourceLogs();
        for (Observation observation : observations) {
            Map<String, Object> observed = observation.getAsJava();
            for (int epoch = 0; epoch < epochs; epoch++) {
                for (Extreme extreme : Extreme.values()) {
                    if (observed.get(name(epoch, extreme)) instanceof Row place) {
                        logs.add(epoch, extreme, new Place(place.getLong(0), place.getLong(1)));
                    }
                }
            }
        }
        return logs;
    }
}
