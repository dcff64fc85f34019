package dev.igarape.jobs.current;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.Definition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The fold of a current table: which of a key's events stands. Events are in one total order, by sequence, then deletions
 * last, then content; the greatest stands. A maximum does not depend on the order in which events come or on how they are
 * split into steps.
 */
final class Latest {
    /** What an event does to the table; an event that does nothing has none. */
    static final String CHANGE = "__igarape_change";

    static final String INSERT = "insert";
    static final String UPDATE = "update";
    static final String DELETE = "delete";
    /** A deletion of a key that has no row: only the deletion is kept. */
    static final String DELETE_NOTHING = "delete nothing";
    /** The key has no events any more. */
    static final String WITHDRAW = "withdraw";

    /** Place of an event among those of its key: a struct of the sequence, whether it deletes, and its content. */
    private static final String ORDER = "__igarape_order";

    private static final String SEQUENCE = "__igarape_sequence";
    private static final String PLACE = "__igarape_place";
    private static final String EVENT = "__igarape_event";
    private static final String AMBIGUOUS = "__igarape_ambiguous";
    private static final String KNOWN = "__igarape_known";
    private static final String DELETES = "__igarape_deletes";
    private static final String CONTENT = "__igarape_content";
    private static final String FIRST = "__igarape_first";
    private static final String LAST = "__igarape_last";
    private static final String WINNER = "__igarape_winner";
    private static final String DELETION = "__igarape_deletion";

    private final Definition.Current definition;

    Latest(Definition.Current definition) {
        this.definition = definition;
    }

    /**
     * The last event of each key.
     *
     * @param events with the table's columns and {@link Events#DATE}
     * @return these columns, the event's place and how many events of other content share its sequence
     */
    Dataset<Row> of(Dataset<Row> events) {
        Column event =
                functions.struct(Stream.of(events.columns()).map(Latest::column).toArray(Column[]::new));
        Column place =
                functions.struct(deletes().as(DELETES), content(events.schema()).as(CONTENT));
        Column[] keysAndSequence = Stream.concat(keys().stream(), Stream.of(functions.col(SEQUENCE)))
                .toArray(Column[]::new);
        return events.withColumn(SEQUENCE, sequence())
                .withColumn(PLACE, place)
                .withColumn(EVENT, event)
                .groupBy(keysAndSequence)
                .agg(
                        functions
                                .max_by(functions.col(EVENT), functions.col(PLACE))
                                .as(EVENT),
                        functions.max(functions.col(PLACE)).as(LAST),
                        functions.min(functions.col(PLACE)).as(FIRST))
                .groupBy(keys().toArray(new Column[0]))
                .agg(
                        functions
                                .max_by(functions.struct(EVENT, LAST, FIRST), functions.col(SEQUENCE))
                                .as(WINNER),
                        functions.max(functions.col(SEQUENCE)).as(SEQUENCE))
                .select(
                        functions.col(WINNER + "." + EVENT + ".*"),
                        functions
                                .struct(
                                        functions.col(SEQUENCE + ".*"),
                                        functions.col(WINNER + "." + LAST + "." + DELETES),
                                        functions.col(WINNER + "." + LAST + "." + CONTENT))
                                .as(ORDER),
                        functions
                                .col(WINNER + "." + LAST)
                                .notEqual(functions.col(WINNER + "." + FIRST))
                                .as(AMBIGUOUS));
    }

    /** The last events of keys, of which parts of the events have given some each. */
    Dataset<Row> ofParts(Dataset<Row> parts) {
        Column[] columns = Stream.of(parts.columns()).map(Latest::column).toArray(Column[]::new);
        return parts.groupBy(keys().toArray(new Column[0]))
                .agg(functions
                        .max_by(functions.struct(columns), functions.col(ORDER))
                        .as(WINNER))
                .select(WINNER + ".*");
    }

    /** Counts the keys whose last event is the last by its content alone. */
    static Column ambiguous() {
        return functions.count(functions.when(functions.col(AMBIGUOUS), 1));
    }

    /**
     * What the last events change in the table, which already holds other events.
     *
     * @param rows of the table
     * @param deleted as {@link #deletions}, of the table
     * @return the events' columns and {@link #CHANGE}
     */
    Dataset<Row> changes(Dataset<Row> last, Dataset<Row> rows, Optional<Dataset<Row>> deleted) {
        Dataset<Row> joined = joined(last, touched(rows, last), "left");
        Column known = functions.col(KNOWN);
        if (deleted.isPresent()) {
            joined = joined.join(
                    lastDeletions(touched(deleted.get(), last)).withColumnRenamed(ORDER, DELETION), names(), "left");
            known = functions.greatest(known, functions.col(DELETION));
        }
        Column newer = known.isNull().or(functions.col(ORDER).gt(known));
        return changed(joined, functions.when(newer, change()), last);
    }

    /** What has to change in a table so that it holds these last events and no others. */
    Dataset<Row> differences(Dataset<Row> last, Dataset<Row> rows) {
        Dataset<Row> joined = joined(last, rows, "full_outer");
        Column gone = functions.col(ORDER).isNull();
        Column same = functions.col(KNOWN).eqNullSafe(functions.col(ORDER));
        Column change =
                functions.when(gone, functions.lit(WITHDRAW)).otherwise(functions.when(functions.not(same), change()));
        return changed(joined, change, last);
    }

    private Column change() {
        Column exists = functions.col(KNOWN).isNotNull();
        return functions
                .when(
                        functions.col(ORDER + "." + DELETES),
                        functions.when(exists, functions.lit(DELETE)).otherwise(functions.lit(DELETE_NOTHING)))
                .otherwise(functions.when(exists, functions.lit(UPDATE)).otherwise(functions.lit(INSERT)));
    }

    private Dataset<Row> changed(Dataset<Row> joined, Column change, Dataset<Row> last) {
        List<Column> columns = new ArrayList<>(List.of(Events.columns(last.schema())));
        columns.add(functions.col(Events.DATE));
        columns.add(functions.col(ORDER));
        columns.add(functions.col(CHANGE));
        return joined.withColumn(CHANGE, change)
                .filter(functions.col(CHANGE).isNotNull())
                .select(columns.toArray(new Column[0]));
    }

    /** Events with the place of the row that their key has in the table. */
    private Dataset<Row> joined(Dataset<Row> last, Dataset<Row> rows, String how) {
        Column place = functions.struct(
                functions.col(SEQUENCE + ".*"),
                functions.lit(false).as(DELETES),
                content(rows.schema()).as(CONTENT));
        List<Column> columns = new ArrayList<>(keys());
        columns.add(place.as(KNOWN));
        return last.join(rows.withColumn(SEQUENCE, sequence()).select(columns.toArray(new Column[0])), names(), how);
    }

    /** The rows whose keys have events. */
    private Dataset<Row> touched(Dataset<Row> rows, Dataset<Row> last) {
        return rows.join(last.select(keys().toArray(new Column[0])), names(), "left_semi");
    }

    /** The keys that changes delete, each with the place of the deletion. */
    Dataset<Row> deletions(Dataset<Row> changes) {
        List<Column> columns = new ArrayList<>(keys());
        columns.add(functions.col(ORDER));
        return changes.filter(functions.col(CHANGE).isin(DELETE, DELETE_NOTHING))
                .select(columns.toArray(new Column[0]));
    }

    /** Of several deletions of a key the last one. */
    Dataset<Row> lastDeletions(Dataset<Row> deletions) {
        return deletions
                .groupBy(keys().toArray(new Column[0]))
                .agg(functions.max(functions.col(ORDER)).as(ORDER));
    }

    private Column sequence() {
        return functions.struct(
                definition.sequenceBy().stream().map(Latest::column).toArray(Column[]::new));
    }

    private Column deletes() {
        return definition
                .deleteWhen()
                .map(condition -> functions.coalesce(functions.expr("(" + condition + ")"), functions.lit(false)))
                .orElse(functions.lit(false));
    }

    private static Column content(StructType schema) {
        return RowJson.of(Events.columns(schema));
    }

    private List<Column> keys() {
        return definition.keys().stream().map(Latest::column).toList();
    }

    /** The key columns' names, as Scala takes them. */
    private scala.collection.Seq<String> names() {
        return scala.collection.JavaConverters.asScalaBuffer(definition.keys()).toSeq();
    }

    private static Column column(String name) {
        return functions.col("`" + name + "`");
    }
}
