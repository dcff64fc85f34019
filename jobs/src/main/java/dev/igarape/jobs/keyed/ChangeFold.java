package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;

import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.CurrentDefinition;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * The fold of a current table whose events may leave values out, captured changes among them. It remembers what is known of each key,
 * and the floors of captured changes.
 */
final class ChangeFold implements Fold {
    private static final String KNOWN = "__igarape_known";
    private static final String BODY = "__igarape_body";

    private final List<String> keys;
    private final States states;
    /** Of a table that forgets deletions. */
    private final Optional<UnknownPast> past;

    /** Of captured changes. */
    ChangeFold(List<String> keys, ChangeStates states) {
        this(keys, states, Optional.empty());
    }

    /** Of events that leave values out by null. */
    ChangeFold(CurrentDefinition definition) {
        this(
                definition.keys(),
                new Latest(definition, definition.keys(), new ToldValues(definition.ignoreNull())),
                Optional.of(definition).filter(current -> current.tombstones().isPresent()));
    }

    private ChangeFold(List<String> keys, States states, Optional<CurrentDefinition> forgetting) {
        this.keys = List.copyOf(keys);
        this.states = states;
        this.past = forgetting.map(definition -> new UnknownPast(definition, states));
    }

    @Override
    public Summary latest() {
        return states;
    }

    @Override
    public List<String> rowKeys() {
        return keys;
    }

    @Override
    public String ambiguous(long keys) {
        return keys + (keys == 1 ? " key has" : " keys have")
                + " a last event, or one that was the last to tell a column, which shares its sequence with another event of"
                + " other content";
    }

    @Override
    public String folder() {
        return "states";
    }

    @Override
    public Split split(Dataset<Row> events, Remembered remembered, Optional<String> forgotten, KeptRows work)
            throws IOException {
        return past.isPresent() && forgotten.isPresent()
                ? past.get().split(work.keptOfEvents(events, "accepted"), remembered.read(), forgotten.get())
                : new Split(events, Optional.empty());
    }

    @Override
    public Changes changes(Dataset<Row> last, Held held, KeptRows work) throws InterruptedException {
        News found = News.of(
                last, states, keys, held.remembered(), isKnown -> remembered(last.schema(), isKnown, held), work);
        Dataset<Row> news = found.events();
        // A row may be far wider than the events that change it.
        boolean ofKeys =
                !held.whole() && held.rows().map(TouchedKeys::isSmall).orElse(true) && !states.touchesAll(news);
        Column[] memory = states.memory(news.schema());
        Dataset<Row> told = news.select(memory);
        Dataset<Row> known = told;
        if (held.remembered().isPresent()) {
            Dataset<Row> before = states.touched(held.remembered().get(), news);
            known = states.ofParts(before.select(memory).unionByName(known));
        }
        Dataset<Row> keptStates = work.kept(known, "states", ofKeys);
        Optional<Dataset<Row>> ofAll = states.ofAll(told, Optional.of(keptStates));
        Dataset<Row> rows = states.rows(keptStates);
        Dataset<Row> before = held.rows()
                .map(table -> held.whole() ? table : states.touched(table, news))
                .orElseGet(() -> rows.limit(0));
        Dataset<Row> changes = work.kept(differences(rows, before), "changes", ofKeys);
        Map<LocalDate, Long> events = found.byDate();
        Changes.Late late = held.late()
                .filter(unknown -> !unknown.isEmpty())
                .map(unknown -> late(unknown, held.remembered(), told, work))
                .orElseGet(() -> new Changes.Late(changes.limit(0), Map.of()));
        return new Changes(
                changes,
                KeptRows.count(changes),
                events,
                events.isEmpty()
                        ? ofAll
                        : Optional.of(
                                ofAll.map(row -> KeptRows.union(told, row)).orElse(told)),
                Optional.empty(),
                late,
                found.ambiguous());
    }

    /** What is remembered besides states. */
    private List<Column> remembered(StructType events, Column isKnown, Held held) {
        return past.map(unknown -> unknown.columns(events, held.forgotten(), isKnown, held.now()))
                .orElse(List.of());
    }

    /**
     * Events of an unknown past that would change what is known after the step.
     *
     * @param events of an unknown past
     * @param news what the step adds to what is remembered
     */
    private Changes.Late late(
            Dataset<Row> events, Optional<Dataset<Row>> remembered, Dataset<Row> news, KeptRows work) {
        Dataset<Row> added = Latest.ofKeys(news, events, keys);
        Dataset<Row> known = states.ofParts(
                remembered.isPresent()
                        ? states.touched(remembered.get(), events)
                                .select(Latest.columns(added))
                                .unionByName(added)
                        : added);
        // A deletion that is known is later than all of the past that is not.
        Column matters = states.isNews(col(KNOWN))
                .and(col(KNOWN).getField(ToldValues.GONE).isNull());
        Dataset<Row> telling = Latest.withKnown(states.of(events), known, keys, KNOWN)
                .filter(matters)
                .select(keys.stream().map(Latest::column).toArray(Column[]::new));
        Dataset<Row> late = work.keptOfEvents(Latest.ofKeys(events, telling, keys), "late");
        return new Changes.Late(late, Events.byDate(late));
    }

    /** What has to change so that a table with these rows of its keys has others. */
    private Dataset<Row> differences(Dataset<Row> rows, Dataset<Row> before) {
        Column[] columns = Events.columns(rows.schema());
        List<Column> known = new ArrayList<>(keys.stream().map(Latest::column).toList());
        known.add(RowJson.of(columns).as(KNOWN));
        known.addAll(Fold.before(before));
        Column change = functions
                .when(col(BODY).isNull(), DELETE)
                .when(col(KNOWN).isNull(), INSERT)
                .when(col(BODY).notEqual(col(KNOWN)), UPDATE);
        List<Column> changed = new ArrayList<>(List.of(columns));
        changed.add(col(CHANGE));
        changed.addAll(Fold.before(before));
        return rows.withColumn(BODY, RowJson.of(columns))
                .join(before.select(known.toArray(new Column[0])), Latest.names(keys), "full_outer")
                .withColumn(CHANGE, change)
                .filter(col(CHANGE).isNotNull())
                .select(changed.toArray(new Column[0]));
    }
}
