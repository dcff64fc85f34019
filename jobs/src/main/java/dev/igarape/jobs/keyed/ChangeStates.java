package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.ChangeCapture;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * What is known of captured changes by identity: the last one, and of each column that an update may leave out its own last
 * value. Each is a maximum by position, so that no order of changes shows. Changes without a key are floors. What all changes say
 * of their logs is known in one row without a key.
 */
final class ChangeStates implements States {
    /** What all changes so far say of their logs, in a row without a key: the number of the step that has told it, and its text. */
    private static final String LOGS = ChangeCapture.OF_THE_PLATFORM + "logs";

    private static final String STEP = "step";
    private static final String TEXT = "text";
    /** Epoch of what is not a change, and lies before all of them. */
    private static final int NO_EPOCH = -1;

    private static final String EVENT = ChangeCapture.OF_THE_PLATFORM + "event";
    private static final String CONTENT = ChangeCapture.OF_THE_PLATFORM + "content";
    private static final String LOWEST = ChangeCapture.OF_THE_PLATFORM + "lowest";

    private final Table table;
    private final KeyedDefinition definition;
    private final List<String> identity;
    /** Of columns that an update may leave out. */
    private final ToldValues told;

    private final ObservedLogs observed;

    /** @param identity columns that name what is known: the keys, or these and the time */
    ChangeStates(Table table, List<String> identity) {
        this.table = table;
        this.definition = (KeyedDefinition) table.definition();
        this.identity = List.copyOf(identity);
        this.told = new ToldValues(Envelopes.partial(table.columns(), definition.keys()));
        this.observed = new ObservedLogs(definition.cdc().orElseThrow());
    }

    @Override
    public Dataset<Row> of(Dataset<Row> events) {
        Column position = col(Envelopes.POSITION);
        List<Column> columns = new ArrayList<>(List.of(Events.columns(events.schema())));
        columns.add(col(Events.DATE));
        columns.add(col(ChangeCapture.TIME));
        columns.add(col(Envelopes.FLOOR));
        columns.add(struct(Stream.concat(
                                Stream.of(col(Envelopes.POSITION + ".*")),
                                Stream.of(
                                        col(Envelopes.DELETES),
                                        RowJson.of(Events.columns(events.schema()))
                                                .as(CONTENT)))
                        .toArray(Column[]::new))
                .as(Latest.ORDER));
        columns.addAll(told.of(
                position,
                column -> not(col(Envelopes.DELETES)).and(not(col(Envelopes.UNCHANGED + column))),
                col(Envelopes.DELETES).and(not(col(Envelopes.FLOOR)))));
        columns.add(lit(null)
                .cast("struct<" + STEP + ": bigint, " + TEXT + ": string>")
                .as(LOGS));
        return ofParts(observed.observe(events).select(columns.toArray(new Column[0])));
    }

    @Override
    public Dataset<Row> ofParts(Dataset<Row> parts) {
        Column[] plain = Stream.of(parts.columns())
                .filter(name -> !isFolded(name))
                .map(Latest::column)
                .toArray(Column[]::new);
        List<Column> folded = new ArrayList<>();
        for (String name : parts.columns()) {
            if (isFolded(name)) {
                folded.add(last(name));
            }
        }
        List<Column> all = new ArrayList<>();
        for (String name : parts.columns()) {
            all.add(isFolded(name) ? Latest.column(name) : col(EVENT + ".`" + name + "`"));
        }
        return parts.groupBy(identity.stream().map(Latest::column).toArray(Column[]::new))
                .agg(functions.max_by(struct(plain), col(Latest.ORDER)).as(EVENT), folded.toArray(new Column[0]))
                .select(all.toArray(new Column[0]));
    }

    private static Column last(String name) {
        return ToldValues.isFolded(name)
                ? ToldValues.last(name)
                : max(Latest.column(name)).as(name);
    }

    private static boolean isFolded(String column) {
        return ToldValues.isFolded(column) || column.equals(LOGS);
    }

    @Override
    public Column[] memory(StructType summary) {
        return Stream.of(summary.fieldNames())
                .filter(name -> !name.equals(Events.DATE))
                .map(Latest::column)
                .toArray(Column[]::new);
    }

    /** Floors are known to all. A new one touches all rows. */
    @Override
    public Dataset<Row> touched(Dataset<Row> rows, Dataset<Row> events) {
        if (touchesAll(events)) {
            return rows;
        }
        Dataset<Row> ofKeys = Latest.ofKeys(rows, events, definition.keys());
        return List.of(rows.columns()).contains(Envelopes.FLOOR)
                ? ofKeys.unionByName(rows.filter(Envelopes.FLOOR))
                : ofKeys;
    }

    /** Whether there is a floor among them. */
    @Override
    public boolean touchesAll(Dataset<Row> states) {
        return !states.filter(Envelopes.FLOOR).isEmpty();
    }

    /** What an event adds may be a value that a later one has left out. */
    @Override
    public Column isNews(Column known) {
        return functions.coalesce(
                known.isNull()
                        .or(col(Latest.ORDER).gt(known.getField(Latest.ORDER)))
                        .or(told.isNews(known)),
                lit(false));
    }

    /** Those that neither their last change nor a later floor takes away. */
    @Override
    public Dataset<Row> rows(Dataset<Row> states) {
        Dataset<Row> standing = standing(states);
        Column floor = position(col(LOWEST));
        List<Column> columns = new ArrayList<>();
        for (String name : Events.names(states.schema())) {
            columns.add(
                    told.isOf(name)
                            ? when(ToldValues.isAfter(ToldValues.told(name), floor), ToldValues.value(name))
                                    .as(name)
                            : Latest.column(name));
        }
        return standing.filter(not(col(Latest.ORDER + "." + Latest.DELETES))).select(columns.toArray(new Column[0]));
    }

    /** The place of the change with this order. */
    private static Column position(Column order) {
        Column position = struct(Stream.of("epoch", "commit", "streamed", "lsn", "change")
                .map(field -> order.getField(field).as(field))
                .toArray(Column[]::new));
        return when(order.isNotNull(), position);
    }

    /** The states of keys that no floor takes away, with the last floor. */
    private static Dataset<Row> standing(Dataset<Row> states) {
        Dataset<Row> floor =
                states.filter(Envelopes.FLOOR).agg(max(col(Latest.ORDER)).as(LOWEST));
        return states.filter(not(col(Envelopes.FLOOR)))
                .crossJoin(functions.broadcast(floor))
                .filter(col(LOWEST).isNull().or(col(Latest.ORDER).gt(col(LOWEST))));
    }

    /**
     * What all changes so far say of the logs that they were read from, which is seen in each step, whatever keys it touches.
     *
     * @throws LakeException DEFINITION if it can't be of one log in one reading
     */
    @Override
    public Optional<Dataset<Row>> ofAll(Dataset<Row> memory, Optional<Dataset<Row>> known) throws InterruptedException {
        SourceLogs logs = new SourceLogs();
        long step = 0;
        List<Row> before = known.map(
                        rows -> rows.filter(col(Envelopes.FLOOR).and(col(LOGS).isNotNull()))
                                .select(col(LOGS + "." + STEP), col(LOGS + "." + TEXT))
                                .collectAsList())
                .orElse(List.of());
        for (Row row : before) {
            step = Math.max(step, row.getLong(0));
            logs.add(SourceLogs.parse(row.getString(1)));
        }
        String told = logs.text();
        logs.add(observed.found());
        Optional<SourceLogs.Fault> fault = logs.fault();
        if (fault.isPresent()) {
            throw refused(fault.get(), logs.lastEpoch());
        }
        return logs.text().equals(told) ? Optional.empty() : Optional.of(row(memory, step + 1, logs.text()));
    }

    /** A row without a key, and before all changes. */
    private static Dataset<Row> row(Dataset<Row> memory, long step, String logs) {
        StructType types = memory.schema().asNullable();
        StructType order = (StructType) types.apply(Latest.ORDER).dataType();
        Object[] place = new Object[order.size()];
        place[order.fieldIndex("epoch")] = NO_EPOCH;
        Object[] values = new Object[types.size()];
        values[types.fieldIndex(Envelopes.FLOOR)] = true;
        values[types.fieldIndex(Latest.ORDER)] = RowFactory.create(place);
        values[types.fieldIndex(LOGS)] = RowFactory.create(step, logs);
        return memory.sparkSession().createDataFrame(List.of(RowFactory.create(values)), types);
    }

    private LakeException refused(SourceLogs.Fault fault, int lastEpoch) {
        List<String> epochs = definition.cdc().orElseThrow().epochs();
        String source = epochs.isEmpty() ? "" : " " + epochs.get(fault.epoch());
        String problem = "Cannot build " + table.name() + ": its source" + source + " " + fault.problem()
                + ". So it has begun anew, or its database has, and what happened in between is unknown. Readers keep the"
                + " old version";
        String remedy = fault.epoch() < lastEpoch
                ? " until a full snapshot of " + epochs.get(lastEpoch) + " has come whole. Run again then."
                : ". Give the connector another topic.prefix and a new slot, land its topic too, and name both prefixes in"
                        + " `epochs`, the new one last.";
        return new LakeException(ExitCode.DEFINITION, problem + remedy);
    }

    /**
     * Events of keys with the floors as deletions of each key, values that an event leaves out from the one before it, and times
     * that never go back in the order of the log. Snapshot rows have the time at which the snapshot's transaction began, which may
     * be later than that of a change which the snapshot did not see.
     */
    @Override
    public Dataset<Row> complete(Dataset<Row> events) {
        Dataset<Row> ofKeys = events.filter(not(col(Envelopes.FLOOR)));
        Column[] keys = definition.keys().stream().map(Latest::column).toArray(Column[]::new);
        Column[] columns = Latest.columns(events);
        Dataset<Row> floors = events.filter(
                        col(Envelopes.FLOOR).and(col(ChangeCapture.TIME).isNotNull()))
                .drop(definition.keys().toArray(new String[0]))
                .crossJoin(ofKeys.select(keys).distinct())
                .select(columns);
        WindowSpec before = Window.partitionBy(keys)
                .orderBy(Latest.ORDER)
                .rowsBetween(Window.unboundedPreceding(), Window.currentRow());
        Column gone = functions.greatest(
                col(ToldValues.GONE), when(col(Latest.ORDER + "." + Latest.DELETES), position(col(Latest.ORDER))));
        List<Column> completed = new ArrayList<>();
        for (String name : events.columns()) {
            Column value = Latest.column(name);
            if (told.isOf(name)) {
                Column last = max(ToldValues.told(name)).over(before);
                value = ToldValues.value(last, max(gone).over(before));
            } else if (name.equals(ChangeCapture.TIME)) {
                value = max(value).over(before);
            }
            completed.add(value.as(name));
        }
        return ofParts(ofKeys.unionByName(floors).select(completed.toArray(new Column[0])));
    }
}
