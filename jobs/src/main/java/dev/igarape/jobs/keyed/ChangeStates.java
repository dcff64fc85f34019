package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.ChangeCapture;
import dev.igarape.model.Definition;
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
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * What is known of captured changes by identity: the last one, and of each column that an update may leave out its own last
 * value. Each is a maximum by position, so that no order of changes shows. Changes without a key are floors.
 */
final class ChangeStates implements States {
    /** The last full snapshot with a row of the key. */
    private static final String SNAPSHOT = ChangeCapture.OF_THE_PLATFORM + "snapshot";
    /** The first commit that a change of the newest epoch came after. */
    private static final String FIRST = ChangeCapture.OF_THE_PLATFORM + "first";

    private static final String EVENT = ChangeCapture.OF_THE_PLATFORM + "event";
    private static final String CONTENT = ChangeCapture.OF_THE_PLATFORM + "content";
    private static final String LOWEST = ChangeCapture.OF_THE_PLATFORM + "lowest";

    private final Table table;
    private final Definition.Keyed definition;
    private final List<String> identity;
    /** Of columns that an update may leave out. */
    private final ToldValues told;

    /** @param identity columns that name what is known: the keys, or these and the time */
    ChangeStates(Table table, List<String> identity) {
        this.table = table;
        this.definition = (Definition.Keyed) table.definition();
        this.identity = List.copyOf(identity);
        this.told = new ToldValues(Envelopes.partial(table.columns(), definition.keys()));
    }

    @Override
    public Dataset<Row> of(Dataset<Row> events) {
        Column position = col(Envelopes.POSITION);
        Column commit = position.getField("commit");
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
        Column isSnapshot = commit.equalTo(Envelopes.NO_COMMIT)
                .and(position.getField("streamed").equalTo(0));
        columns.add(when(
                        isSnapshot,
                        struct(
                                position.getField("epoch").as("epoch"),
                                position.getField("lsn").as("lsn")))
                .as(SNAPSHOT));
        columns.add(when(
                        commit.notEqual(Envelopes.NO_COMMIT),
                        struct(functions.negate(position.getField("epoch")).as("epoch"), commit.as("commit")))
                .as(FIRST));
        return ofParts(events.select(columns.toArray(new Column[0])));
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
        if (ToldValues.isFolded(name)) {
            return ToldValues.last(name);
        }
        return (name.equals(FIRST) ? min(Latest.column(name)) : max(Latest.column(name))).as(name);
    }

    private static boolean isFolded(String column) {
        return ToldValues.isFolded(column) || column.equals(SNAPSHOT) || column.equals(FIRST);
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

    /** What an event adds may be a value that a later one has left out, or that there is another snapshot. */
    @Override
    public Column isNews(Column known) {
        Column news = known.isNull()
                .or(col(Latest.ORDER).gt(known.getField(Latest.ORDER)))
                .or(told.isNews(known));
        Column snapshot = known.getField(SNAPSHOT);
        Column first = known.getField(FIRST);
        news = news.or(col(SNAPSHOT)
                        .isNotNull()
                        .and(snapshot.isNull().or(col(SNAPSHOT).gt(snapshot))))
                .or(col(FIRST).isNotNull().and(first.isNull().or(col(FIRST).lt(first))));
        return functions.coalesce(news, lit(false));
    }

    /** Those that neither their last change nor a later floor takes away. */
    @Override
    public Dataset<Row> rows(Dataset<Row> states) {
        requireOneSnapshot(states);
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
     * Refuses a snapshot that a source has taken after it had told changes: what happened in between is unknown, and positions do
     * not say that its rows are newer. It is seen at the latest when its last row comes, which is a floor, and has all that is
     * known looked at.
     */
    private void requireOneSnapshot(Dataset<Row> states) {
        Dataset<Row> snapshots = states.filter(col(SNAPSHOT).isNotNull())
                .groupBy(col(SNAPSHOT + ".epoch").as("epoch"))
                .agg(max(col(SNAPSHOT + ".lsn")).as("lsn"));
        Dataset<Row> changes = states.filter(col(FIRST).isNotNull())
                .groupBy(functions.negate(col(FIRST + ".epoch")).as("epoch"))
                .agg(min(col(FIRST + ".commit")).as("commit"));
        List<Row> again = snapshots
                .join(changes, "epoch")
                .filter(col("lsn").gt(col("commit")))
                .select("epoch", "lsn")
                .limit(1)
                .collectAsList();
        if (again.isEmpty()) {
            return;
        }
        int epoch = again.get(0).getInt(0);
        List<String> epochs = definition.cdc().orElseThrow().epochs();
        Optional<String> source = epochs.isEmpty() ? Optional.empty() : Optional.of(epochs.get(epoch));
        throw new LakeException(
                ExitCode.DEFINITION,
                "Cannot build " + table.name() + ": its source"
                        + source.map(name -> " " + name).orElse("") + " has taken a new snapshot, at LSN "
                        + again.get(0).getLong(1) + ", after it had told changes, so what happened in between is"
                        + " unknown. Readers keep the old version. Give the connector another topic.prefix and a new"
                        + " slot, land its topic too, and name both prefixes in `epochs`, the new one last.");
    }

    /**
     * Events of keys with the floors as deletions of each key, values that an event leaves out from the one before it, and times
     * that never go back in the order of the log. Snapshot rows have the time at which they were read, which may be later than
     * that of a change which the snapshot did not see.
     */
    @Override
    public Dataset<Row> complete(Dataset<Row> events) {
        requireOneSnapshot(events);
        Dataset<Row> ofKeys = events.filter(not(col(Envelopes.FLOOR)));
        Column[] keys = definition.keys().stream().map(Latest::column).toArray(Column[]::new);
        Column[] columns = Latest.columns(events);
        Dataset<Row> floors = events.filter(Envelopes.FLOOR)
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
