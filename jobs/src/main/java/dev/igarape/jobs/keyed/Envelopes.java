package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.Expectation;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Debezium's envelopes as changes of a table: its columns, and those that say what becomes of the row and when. A truncation
 * and the end of a full snapshot are a <em>floor</em>, a change without a key: rows of an earlier position are gone.
 *
 * <p>The position of a change is (epoch, LSN of the last commit, LSN). Rows of a full snapshot have no last commit, and the
 * first transaction after it knows none. These come before all that have one, the snapshot first: the LSN of a change in a
 * transaction that was open when the slot was made may be smaller than that of the snapshot
 * (<a href="https://debezium.io/documentation/reference/3.4/connectors/postgresql.html#postgresql-events">Debezium, data change
 * events</a>).
 */
final class Envelopes {
    /** What Debezium writes instead of a large value that an update has not changed. */
    static final String UNAVAILABLE = "__debezium_unavailable_value";
    /** Place of a change among all of its table: a struct of numbers; null where an envelope does not say it. */
    static final String POSITION = ChangeCapture.OF_THE_PLATFORM + "position";
    /** Whether everything of an earlier position is gone. */
    static final String FLOOR = ChangeCapture.OF_THE_PLATFORM + "floor";
    /** Whether a change takes the row of its key away. */
    static final String DELETES = Latest.DELETES;
    /** What the names of columns start with that say whether a column has kept an unknown value. */
    static final String UNCHANGED = ChangeCapture.OF_THE_PLATFORM + "unchanged_";
    /** When the connector has told a change, in milliseconds of its clock; null where an envelope does not say it. */
    static final String TOLD = ChangeCapture.OF_THE_PLATFORM + "told_at";
    /** No commit is known. */
    static final long NO_COMMIT = -1;

    private static final String OP = ChangeCapture.OF_THE_PLATFORM + "op";
    private static final String SOURCE = ChangeCapture.OF_THE_PLATFORM + "source";
    private static final String UNREADABLE = ChangeCapture.OF_THE_PLATFORM + "unreadable";

    private final Table table;
    private final KeyedDefinition definition;
    private final ChangeCapture capture;

    Envelopes(Table table) {
        this.table = table;
        this.definition = (KeyedDefinition) table.definition();
        this.capture = definition.cdc().orElseThrow();
    }

    /** Columns that may keep a value which an update does not tell: those of values that may be large. */
    static List<String> partial(Map<String, String> columns, List<String> keys) {
        return columns.entrySet().stream()
                .filter(column ->
                        column.getValue().equals("string") || column.getValue().equals("binary"))
                .map(Map.Entry::getKey)
                .filter(column -> !keys.contains(column))
                .toList();
    }

    /** Changes without a place, a key or a value of the declared type are no changes of the table. */
    List<Expectation> checks() {
        String keys = definition.keys().stream()
                .map(key -> "`" + key + "` IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        return List.of(
                rule(ChangeCapture.OP_RULE, OP + " IN ('c', 'u', 'd', 'r', 't')"),
                rule(ChangeCapture.SOURCE_RULE, POSITION + "_epoch IS NOT NULL"),
                rule(
                        KeyedDefinition.SEQUENCE_RULE,
                        POSITION + " IS NOT NULL AND " + ChangeCapture.TIME + " IS NOT NULL"),
                rule(KeyedDefinition.KEY_RULE, FLOOR + " OR (" + keys + ")"),
                rule(ChangeCapture.TYPE_RULE, FLOOR + " OR " + UNREADABLE + " = ''"));
    }

    private static Expectation rule(String name, String check) {
        return new Expectation(name, check, Expectation.Action.QUARANTINE);
    }

    /** An expectation of rows, which changes that take one away need not meet. */
    static Expectation ofRows(Expectation expectation) {
        return new Expectation(expectation.name(), DELETES + " OR (" + expectation.check() + ")", expectation.onFail());
    }

    /**
     * The changes of envelopes.
     *
     * @param envelopes with a column {@code value}
     * @throws dev.igarape.model.error.LakeException DEFINITION if they are no envelopes, or lack a declared column
     */
    Dataset<Row> changes(Dataset<Row> envelopes) {
        EnvelopeFields fields = new EnvelopeFields(table, envelopes.schema());
        Column op = col("value.op");
        Column source = col("value.source");
        Column deletes = op.isin("d", "t");
        Column fullSnapshot =
                op.equalTo("r").and(not(lower(source.getField("snapshot")).equalTo("incremental")));
        Column ends = fullSnapshot.and(lower(source.getField("snapshot")).isin("last", "last_in_data_collection"));
        List<Column> columns = new ArrayList<>();
        List<Column> unreadable = new ArrayList<>();
        List<String> partial = partial(table.columns(), definition.keys());
        for (String name : table.columns().keySet()) {
            boolean isKey = definition.keys().contains(name);
            Column value = fields.value(name, isKey, deletes);
            Column typed = fields.typed(name, value);
            Column unchanged = lit(false);
            if (partial.contains(name)) {
                unchanged = coalesce(fields.isUnavailable(name, value), lit(false));
                columns.add(unchanged.as(UNCHANGED + name));
            }
            columns.add(when(not(unchanged), typed).as(name));
            unreadable.add(when(value.isNotNull().and(typed.isNull()), name));
        }
        Column epoch = epoch(source.getField("name"));
        columns.add(epoch.as(POSITION + "_epoch"));
        columns.add(op.as(OP));
        columns.add(source.getField("name").as(SOURCE));
        columns.add(deletes.as(DELETES));
        columns.add(position(epoch, op, source, fullSnapshot).as(POSITION));
        columns.add(fields.time().as(ChangeCapture.TIME));
        columns.add(fields.told().as(TOLD));
        columns.add(functions.concat_ws(", ", unreadable.toArray(new Column[0])).as(UNREADABLE));
        columns.add(functions
                .explode(when(ends, array(lit(false), lit(true))).otherwise(array(op.eqNullSafe("t"))))
                .as(FLOOR));
        return withFloors(envelopes.select(columns.toArray(new Column[0])));
    }

    /** The changes, of which floors have neither a key nor values, and come before the snapshot whose end they are. */
    private Dataset<Row> withFloors(Dataset<Row> changes) {
        Column ofSnapshot = struct(
                col(POSITION + ".epoch"),
                col(POSITION + ".commit"),
                col(POSITION + ".streamed"),
                col(POSITION + ".lsn"),
                lit(-1).as("change"));
        List<Column> columns = new ArrayList<>();
        for (String name : table.columns().keySet()) {
            columns.add(when(not(col(FLOOR)), Latest.column(name)).as(name));
        }
        for (String name : changes.columns()) {
            if (name.equals(POSITION)) {
                Column floor =
                        col(FLOOR).and(col(OP).equalTo("r")).and(col(POSITION).isNotNull());
                columns.add(when(floor, ofSnapshot).otherwise(col(POSITION)).as(POSITION));
            } else if (name.equals(DELETES)) {
                columns.add(coalesce(col(DELETES), lit(false)).or(col(FLOOR)).as(DELETES));
            } else if (!table.columns().containsKey(name)) {
                columns.add(col(name));
            }
        }
        return changes.select(columns.toArray(new Column[0]));
    }

    private static Column lower(Column text) {
        return functions.lower(coalesce(text.cast("string"), lit("")));
    }

    /** The number of the source among those that follow each other; null of another one. */
    private Column epoch(Column name) {
        if (capture.epochs().isEmpty()) {
            return lit(0);
        }
        Column epoch = lit(null).cast("int");
        for (int number = 0; number < capture.epochs().size(); number++) {
            epoch = when(name.equalTo(capture.epochs().get(number)), number).otherwise(epoch);
        }
        return epoch;
    }

    private static Column position(Column epoch, Column op, Column source, Column fullSnapshot) {
        Column sequence =
                functions.from_json(source.getField("sequence"), DataTypes.createArrayType(DataTypes.StringType));
        Column told = functions.get(sequence, lit(0));
        Column commit = told.cast("bigint");
        Column lsn = source.getField("lsn").cast("bigint");
        Column isRead = op.equalTo("r");
        Column hasSequence = functions
                .size(sequence)
                .equalTo(2)
                .and(functions.get(sequence, lit(1)).cast("bigint").isNotNull())
                .and(told.isNull().or(commit.isNotNull()));
        Column known = epoch.isNotNull().and(lsn.isNotNull()).and(isRead.or(coalesce(hasSequence, lit(false))));
        Column position = struct(
                epoch.as("epoch"),
                // One on demand tells the last commit before it, which puts its rows in no order with changes.
                coalesce(when(not(fullSnapshot), commit), lit(NO_COMMIT)).as("commit"),
                when(commit.isNull().and(not(fullSnapshot)), 1).otherwise(0).as("streamed"),
                lsn.as("lsn"),
                when(isRead, 0).otherwise(1).as("change"));
        return when(known, position);
    }
}
