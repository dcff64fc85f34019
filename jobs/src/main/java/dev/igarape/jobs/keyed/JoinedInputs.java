package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.DailyInputs;
import dev.igarape.jobs.daily.DailyInputs.Size;
import dev.igarape.jobs.input.SnapshotInput;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The inputs without dates that a table with keys joins, each as its newest version is. */
final class JoinedInputs {
    private final SparkSession session;
    private final DailyInputs inputs;
    /** Empty before they are asked for. */
    private Optional<Map<TableName, Dataset<Row>>> rows = Optional.empty();

    /** @param session of one step alone */
    JoinedInputs(SparkSession session, DailyInputs inputs) {
        this.session = session;
        this.inputs = inputs;
    }

    /** All rows of each; none where there are no such inputs. */
    Map<TableName, Dataset<Row>> rows() throws IOException {
        if (rows.isEmpty()) {
            Map<TableName, Dataset<Row>> all = new LinkedHashMap<>();
            for (Map.Entry<TableName, SnapshotRead> version :
                    inputs.newestSnapshots().entrySet()) {
                SnapshotInput input = inputs.snapshots().get(version.getKey());
                all.put(version.getKey(), input.rows(session, version.getValue()));
            }
            rows = Optional.of(all);
        }
        return rows.get();
    }

    /** The size of their files; the number of rows is not known. */
    Size size() throws IOException {
        return new Size(0, inputs.bytesOfSnapshots());
    }

    /**
     * What each input that has changed since these versions has got, and what it has given up; empty where that is not known of one
     * of them.
     */
    Optional<Map<TableName, Dataset<Row>>> changes(Map<TableName, SnapshotRead> since) throws IOException {
        Map<TableName, Dataset<Row>> changes = new LinkedHashMap<>();
        for (Map.Entry<TableName, SnapshotInput> input : inputs.snapshots().entrySet()) {
            SnapshotRead read = since.get(input.getKey());
            if (read == null) {
                return Optional.empty();
            }
            if (input.getValue().versions().isOfSameRows(read)) {
                continue;
            }
            Optional<Dataset<Row>> changed = input.getValue().changesSince(session, read);
            if (changed.isEmpty()) {
                return Optional.empty();
            }
            changes.put(input.getKey(), changed.get());
        }
        return Optional.of(changes);
    }

    /**
     * The rows with which the changes of one input have met, or meet: these changes in its place, and the others whole, with what
     * they have given up.
     *
     * @param changes as {@link #changes} gives them
     */
    Map<TableName, Dataset<Row>> around(TableName moved, Map<TableName, Dataset<Row>> changes) throws IOException {
        Map<TableName, Dataset<Row>> around = new LinkedHashMap<>(rows());
        changes.forEach((input, some) ->
                around.compute(input, (name, all) -> name.equals(moved) ? some : all.unionByName(some)));
        return around;
    }
}
