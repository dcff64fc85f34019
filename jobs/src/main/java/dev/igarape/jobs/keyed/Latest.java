package dev.igarape.jobs.keyed;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.KeyedDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Which events of a key count. Events are in one total order, by sequence, then deletions last, then content; of those that
 * share their identity, the greatest counts. A maximum does not depend on the order in which events come or on how they are
 * split into steps. Where events may leave values out, the last one of each column is a maximum of its own.
 */
final class Latest implements States {
    /** Place of an event among those of its key: a struct of the sequence, {@link #DELETES}, and its content. */
    static final String ORDER = "__igarape_order";
    /** Field of {@link #ORDER}: whether the event deletes its key. */
    static final String DELETES = "__igarape_deletes";

    private static final String CONTENT = "__igarape_content";
    private static final String WINNER = "__igarape_winner";
    private static final Ties TIES = Ties.ofEvents();

    private final KeyedDefinition definition;
    private final List<String> identity;
    private final Optional<ToldValues> told;

    /** @param identity columns that name an event: its key, or that and the time of the event */
    Latest(KeyedDefinition definition, List<String> identity) {
        this(definition, identity, Optional.empty());
    }

    /** @param told of columns that an event leaves out by null */
    Latest(KeyedDefinition definition, List<String> identity, ToldValues told) {
        this(definition, identity, Optional.of(told));
    }

    private Latest(KeyedDefinition definition, List<String> identity, Optional<ToldValues> told) {
        this.definition = definition;
        this.identity = List.copyOf(identity);
        this.told = told;
    }

    /**
     * The last event of each identity.
     *
     * @param events with the columns of the query and {@link Events#DATE}
     * @return these columns, {@link #ORDER}, then those of {@link Ties} and {@link ToldValues}
     */
    @Override
    public Dataset<Row> of(Dataset<Row> events) {
        Column order = functions.col(ORDER);
        Column deletes = order.getField(DELETES);
        List<Column> columns = new ArrayList<>(List.of(functions.col("*")));
        columns.addAll(TIES.of(functions.lit(true), sequence(), said(order, untold(events.schema()), Latest::column)));
        told.ifPresent(values -> {
            columns.addAll(values.of(
                    order, column -> functions.not(deletes).and(column(column).isNotNull()), deletes));
            for (String column : values.columns()) {
                Column said = functions.when(functions.not(deletes), ToldValues.said(column(column), column));
                columns.addAll(
                        Ties.ofColumn(column).of(deletes.or(column(column).isNotNull()), sequence(), said));
            }
        });
        return ofParts(events.withColumn(ORDER, order(deletes(definition), events.schema()))
                .select(columns.toArray(new Column[0])));
    }

    /** The last of events, or of deletions, of which several parts have given some each; they have {@link #ORDER}. */
    @Override
    public Dataset<Row> ofParts(Dataset<Row> parts) {
        List<String> names = List.of(parts.columns());
        Column[] plain = names.stream()
                .filter(name -> !isFolded(name))
                .map(Latest::column)
                .toArray(Column[]::new);
        Column[] folded =
                names.stream().filter(Latest::isFolded).map(Latest::last).toArray(Column[]::new);
        Column[] all = names.stream()
                .map(name -> isFolded(name) ? column(name) : functions.col(WINNER + ".`" + name + "`"))
                .toArray(Column[]::new);
        return parts.groupBy(identity().toArray(Column[]::new))
                .agg(
                        functions
                                .max_by(functions.struct(plain), functions.col(ORDER))
                                .as(WINNER),
                        folded)
                .select(all);
    }

    /** Whether a column is a maximum of its own. */
    private static boolean isFolded(String column) {
        return ToldValues.isFolded(column) || Ties.isFolded(column);
    }

    private static Column last(String name) {
        return ToldValues.isFolded(name)
                ? ToldValues.last(name)
                : functions.max(column(name)).as(name);
    }

    @Override
    public Column isAmbiguous(StructType events, Optional<Column> known) {
        Column ambiguous = known.map(state -> TIES.isTied(
                        sequenceOf(state.getField(ORDER)),
                        said(state.getField(ORDER), untold(events), state::getField)))
                .orElseGet(TIES::isTied);
        for (String column : told.map(ToldValues::columns).orElse(List.of())) {
            Ties ties = Ties.ofColumn(column);
            ambiguous = ambiguous.or(known.map(state -> ties.isTied(
                            sequenceOf(ToldValues.lastPlace(state, column)), ToldValues.lastSaid(state, column)))
                    .orElseGet(ties::isTied));
        }
        return ambiguous;
    }

    /** The {@link #ORDER} of the event that a row of a current table is. */
    Column orderOfRow(StructType row) {
        return order(functions.lit(false), row);
    }

    private Column order(Column deletes, StructType columns) {
        Stream<Column> sequence = definition.sequenceBy().stream().map(Latest::column);
        Stream<Column> place = Stream.of(deletes.as(DELETES), content(columns).as(CONTENT));
        return functions.struct(Stream.concat(sequence, place).toArray(Column[]::new));
    }

    /** The sequence of an {@link #ORDER}; null of none. */
    private Column sequenceOf(Column order) {
        Column sequence = functions.struct(definition.sequenceBy().stream()
                .map(name -> order.getField(name).as(name))
                .toArray(Column[]::new));
        return functions.when(order.isNotNull(), sequence);
    }

    /**
     * What an event says as a whole; all deletions say the same.
     *
     * @param order its {@link #ORDER}
     * @param untold as {@link #untold}; empty: all of its content
     */
    private static Column said(Column order, Optional<List<String>> untold, Function<String, Column> columns) {
        Column content = untold.map(names -> RowJson.of(
                        names.stream().map(name -> columns.apply(name).as(name)).toArray(Column[]::new)))
                .orElseGet(() -> order.getField(CONTENT));
        Column deletes = order.getField(DELETES);
        return functions.struct(deletes, functions.when(functions.not(deletes), content));
    }

    /** The columns that each event says, where others keep the last value that was told of each; else empty. */
    private Optional<List<String>> untold(StructType events) {
        return told.map(values ->
                Events.names(events).stream().filter(name -> !values.isOf(name)).toList());
    }

    @Override
    public Dataset<Row> touched(Dataset<Row> rows, Dataset<Row> events) {
        return ofKeys(rows, events, definition.keys());
    }

    /** The rows whose keys are among those of the events, with their columns in the same order; files without such are not read. */
    static Dataset<Row> ofKeys(Dataset<Row> rows, Dataset<Row> events, List<String> keys) {
        Column[] of = keys.stream().map(Latest::column).toArray(Column[]::new);
        Column[] columns = columns(rows);
        Dataset<Row> near = TouchedKeys.isSmall(rows)
                ? rows
                : rows.filter(TouchedKeys.of(events, keys).contains());
        Optional<FewKeys> few = FewKeys.of(events, keys).filter(found -> found.fit(rows.schema()));
        // A join by names puts these first, and the content of a row is compared as text.
        return few.map(found -> near.filter(found.contain()))
                .orElseGet(() -> near.join(events.select(of), names(keys), "left_semi"))
                .select(columns);
    }

    @Override
    public Column[] memory(StructType summary) {
        List<Column> columns = new ArrayList<>(List.of(Events.columns(summary)));
        columns.add(functions.col(ORDER));
        told.ifPresent(values -> values.names().forEach(name -> columns.add(column(name))));
        List<String> known = List.of(summary.fieldNames());
        Stream.of(UnknownPast.UP_TO, Tombstones.TAKEN)
                .filter(known::contains)
                .forEach(name -> columns.add(column(name)));
        return columns.toArray(new Column[0]);
    }

    @Override
    public Column isNews(Column known) {
        Column news = known.isNull().or(functions.col(ORDER).gt(known.getField(ORDER)));
        return functions.coalesce(
                told.map(values -> news.or(values.isNews(known))).orElse(news), functions.lit(false));
    }

    /** Those that their last event does not delete, with the last value of columns that an event may leave out. */
    @Override
    public Dataset<Row> rows(Dataset<Row> states) {
        Column[] columns = Events.names(states.schema()).stream()
                .map(name -> told.filter(values -> values.isOf(name)).isPresent()
                        ? ToldValues.value(name).as(name)
                        : column(name))
                .toArray(Column[]::new);
        return states.filter(functions.not(functions.col(ORDER + "." + DELETES)))
                .select(columns);
    }

    private Column sequence() {
        return functions.struct(
                definition.sequenceBy().stream().map(Latest::column).toArray(Column[]::new));
    }

    /** Whether an event deletes its key. */
    static Column deletes(KeyedDefinition definition) {
        return definition
                .deleteWhen()
                .map(condition -> functions.coalesce(functions.expr("(" + condition + ")"), functions.lit(false)))
                .orElse(functions.lit(false));
    }

    private static Column content(StructType schema) {
        return RowJson.of(Events.columns(schema));
    }

    private Stream<Column> identity() {
        return identity.stream().map(Latest::column);
    }

    /**
     * Events with what is known of the same identity, a struct in a column of this name; null where nothing is known. Nulls in an
     * identity are equal.
     */
    static Dataset<Row> withKnown(Dataset<Row> events, Dataset<Row> known, List<String> identity, String name) {
        List<Column> columns = new ArrayList<>();
        Column same = functions.lit(true);
        for (String column : identity) {
            columns.add(column(column).as(name + "_" + column));
            same = same.and(column(column).eqNullSafe(column(name + "_" + column)));
        }
        columns.add(functions.struct(functions.col("*")).as(name));
        return events.join(known.select(columns.toArray(new Column[0])), same, "left");
    }

    /** Names of columns, as Scala takes them. */
    static scala.collection.Seq<String> names(List<String> columns) {
        return scala.collection.JavaConverters.asScalaBuffer(columns).toSeq();
    }

    static Column column(String name) {
        return functions.col("`" + name + "`");
    }

    /** All columns of rows, in order. */
    static Column[] columns(Dataset<Row> rows) {
        return Stream.of(rows.columns()).map(Latest::column).toArray(Column[]::new);
    }
}
