package dev.igarape.jobs.keyed;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.HistoryDefinition.Period;
import dev.igarape.model.Table;
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
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The fold of a history: the versions of a key, computed from all its events. It remembers the events, also those that have
 * changed nothing: another one may come between them.
 */
final class HistoryFold implements Fold {
    private static final String BODY = "__igarape_body";
    private static final String KNOWN_BODY = "__igarape_known_body";
    private static final String KNOWN_END = "__igarape_known_end";
    private static final String SINCE = "__igarape_since";
    private static final String PREVIOUS = "__igarape_previous";
    private static final String TRACKED = "__igarape_tracked";
    private static final String NUMBER = "__igarape_number";
    private static final String EVENT = "__igarape_event";

    private final HistoryDefinition definition;
    private final Period period;
    /** The time from which an event holds. */
    private final String time;

    private final List<String> identity;
    private final Summary latest;

    HistoryFold(Table table) {
        this.definition = (HistoryDefinition) table.definition();
        this.period = definition.periodColumns();
        this.time = definition.timeColumn();
        this.identity =
                Stream.concat(definition.keys().stream(), Stream.of(time)).toList();
        this.latest =
                definition.cdc().isPresent() ? new ChangeStates(table, identity) : new Latest(definition, identity);
    }

    @Override
    public Summary latest() {
        return latest;
    }

    @Override
    public List<String> rowKeys() {
        return Stream.concat(definition.keys().stream(), Stream.of(period.from()))
                .toList();
    }

    @Override
    public String ambiguous(long times) {
        return times + (times == 1 ? " time of a key has" : " times of keys have")
                + " several events of equal sequence and other content";
    }

    @Override
    public String folder() {
        return "events";
    }

    @Override
    public Changes changes(Dataset<Row> last, Held held, KeptRows work) throws InterruptedException {
        Column[] columns = latest.memory(last.schema());
        News found = News.of(last, latest, identity, held.remembered(), isKnown -> List.of(), work);
        Dataset<Row> news = found.events();
        Dataset<Row> told = news.select(columns);
        Optional<Dataset<Row>> ofAll =
                latest.ofAll(told, held.remembered().map(remembered -> remembered.select(columns)));
        Dataset<Row> events = told;
        if (held.remembered().isPresent()) {
            events = latest.ofParts(latest.touched(held.remembered().get(), news)
                    .select(columns)
                    .unionByName(events));
        }
        Dataset<Row> versions = versions(latest.complete(events));
        // An event changes the version in which it lies, and its neighbours; a value that later events leave out
        // changes more.
        boolean ofEvents = !held.whole() && !held.wide() && definition.cdc().isEmpty();
        Dataset<Row> changes = work.kept(differences(versions, held, news), "changes", ofEvents);
        boolean dated = isDated(news.schema().apply(time).dataType());
        Column since = dated ? functions.to_date(functions.col(SINCE)) : functions.lit(null);
        Row counted = changes.agg(functions.count(functions.lit(1)), functions.min(since))
                .first();
        return new Changes(
                changes,
                counted.getLong(0),
                found.byDate(),
                found.byDate().isEmpty()
                        ? ofAll
                        : Optional.of(
                                ofAll.map(row -> KeptRows.union(told, row)).orElse(told)),
                dated && !counted.isNullAt(1) ? Optional.of(counted.getLocalDate(1)) : Optional.empty(),
                found.ambiguous());
    }

    private static boolean isDated(DataType type) {
        return type instanceof TimestampType || type instanceof TimestampNTZType || type instanceof DateType;
    }

    /**
     * The versions that events make.
     *
     * @param events one for each key and time
     */
    private Dataset<Row> versions(Dataset<Row> events) {
        Column[] keys = definition.keys().stream().map(Latest::column).toArray(Column[]::new);
        WindowSpec byTime = Window.partitionBy(keys).orderBy(Latest.column(time));
        Column tracked =
                RowJson.of(definition.track().stream().map(Latest::column).toArray(Column[]::new));
        Column previous = functions.col(PREVIOUS);
        Column deletes = functions.col(Latest.DELETES);
        // A deletion that follows another one goes on with it, whatever it says of the tracked columns.
        Column starts = previous.isNull()
                .or(deletes.notEqual(previous.getField(Latest.DELETES)))
                .or(functions.not(deletes).and(functions.col(TRACKED).notEqual(previous.getField(TRACKED))));
        Column[] keysAndNumber =
                Stream.concat(Stream.of(keys), Stream.of(functions.col(NUMBER))).toArray(Column[]::new);
        return events.withColumn(Latest.DELETES, functions.col(Latest.ORDER + "." + Latest.DELETES))
                .withColumn(TRACKED, tracked)
                .withColumn(EVENT, functions.struct(Events.columns(events.schema())))
                .withColumn(
                        PREVIOUS,
                        functions
                                .lag(functions.struct(Latest.DELETES, TRACKED), 1)
                                .over(byTime))
                .withColumn(
                        NUMBER,
                        functions.sum(functions.when(starts, 1).otherwise(0)).over(byTime))
                .groupBy(keysAndNumber)
                .agg(
                        functions.min(Latest.column(time)).as(period.from()),
                        functions
                                .max_by(functions.col(EVENT), Latest.column(time))
                                .as(EVENT),
                        functions.bool_or(deletes).as(Latest.DELETES))
                .withColumn(
                        period.to(),
                        functions
                                .lead(Latest.column(period.from()), 1)
                                .over(Window.partitionBy(keys).orderBy(NUMBER)))
                .filter(functions.not(deletes))
                .select(
                        functions.col(EVENT + ".*"),
                        Latest.column(period.from()),
                        Latest.column(period.to()),
                        Latest.column(period.to()).isNull().as(period.current()));
    }

    /** What has to change so that the table holds these versions of their keys. */
    private Dataset<Row> differences(Dataset<Row> versions, Held held, Dataset<Row> news) {
        Dataset<Row> before = held.rows()
                .map(rows -> held.whole() ? rows : latest.touched(rows, news))
                .orElseGet(() -> versions.limit(0));
        List<Column> known =
                new ArrayList<>(rowKeys().stream().map(Latest::column).toList());
        known.add(body(before).as(KNOWN_BODY));
        known.add(Latest.column(period.to()).as(KNOWN_END));
        known.addAll(Fold.before(before));
        Column body = functions.col(BODY);
        Column knownBody = functions.col(KNOWN_BODY);
        Column start = Latest.column(period.from());
        Column end = Latest.column(period.to());
        Column sameEnd = end.eqNullSafe(functions.col(KNOWN_END));
        Column change = functions
                .when(body.isNull(), DELETE)
                .when(knownBody.isNull(), INSERT)
                .when(body.notEqual(knownBody).or(functions.not(sameEnd)), UPDATE);
        // Where only the end differs, nothing has changed before the earlier one.
        Column since = functions
                .when(body.equalTo(knownBody), functions.least(end, functions.col(KNOWN_END)))
                .otherwise(start);
        List<Column> columns = new ArrayList<>(List.of(Events.columns(versions.schema())));
        columns.add(functions.col(CHANGE));
        columns.add(since.as(SINCE));
        columns.addAll(Fold.before(before));
        return versions.withColumn(BODY, body(versions))
                .join(before.select(known.toArray(new Column[0])), Latest.names(rowKeys()), "full_outer")
                .withColumn(CHANGE, change)
                .filter(functions.col(CHANGE).isNotNull())
                .select(columns.toArray(new Column[0]));
    }

    /** The content of versions but for their end. */
    private Column body(Dataset<Row> versions) {
        return RowJson.of(Events.names(versions.schema()).stream()
                .filter(name -> !name.equals(period.to()) && !name.equals(period.current()))
                .map(Latest::column)
                .toArray(Column[]::new));
    }
}
