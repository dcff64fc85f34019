package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;

import dev.igarape.jobs.sql.RowJson;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * The fold of a current table whose events may leave values out, captured changes among them. It remembers what is known of each key,
 * and the floors of captured changes.
 */
final class ChangeFold implements Fold {
    private static final String KNOWN = "__igarape_known";
    private static final String BODY = "__igarape_body";

    private final List<String> keys;
    private final States states;

    ChangeFold(List<String> keys, States states) {
        this.keys = List.copyOf(keys);
        this.states = states;
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
    public String ambiguous(long events) {
        return CurrentFold.byContent(events);
    }

    @Override
    public String folder() {
        return "states";
    }

    @Override
    public Changes changes(Dataset<Row> last, Held held, Work work) {
        Dataset<Row> news = work.kept(news(last, held.remembered()), "news");
        Column[] memory = states.memory(news.schema());
        Dataset<Row> known = news.select(memory);
        if (held.remembered().isPresent()) {
            Dataset<Row> before = states.touched(held.remembered().get(), news);
            known = states.ofParts(before.select(memory).unionByName(known));
        }
        Dataset<Row> rows = states.rows(work.kept(known, "states"));
        Dataset<Row> before = held.rows()
                .map(table -> held.whole() ? table : states.touched(table, news))
                .orElseGet(() -> rows.limit(0));
        Dataset<Row> changes = work.kept(differences(rows, before), "changes");
        Map<LocalDate, Long> events = new HashMap<>();
        news.groupBy(Events.DATE)
                .count()
                .collectAsList()
                .forEach(row -> events.put(row.getLocalDate(0), row.getLong(1)));
        return new Changes(
                changes,
                changes.count(),
                events,
                events.isEmpty() ? Optional.empty() : Optional.of(news.select(memory)),
                Optional.empty());
    }

    /** The states that say more than is known; a floor has no key to be joined by. */
    private Dataset<Row> news(Dataset<Row> last, Optional<Dataset<Row>> remembered) {
        if (remembered.isEmpty()) {
            return last;
        }
        Dataset<Row> touched = states.ofParts(states.touched(remembered.get(), last));
        return Latest.withKnown(last, touched, keys, KNOWN)
                .filter(states.isNews(col(KNOWN)))
                .select(Stream.of(last.columns()).map(Latest::column).toArray(Column[]::new));
    }

    /** What has to change so that a table with these rows of its keys has others. */
    private Dataset<Row> differences(Dataset<Row> rows, Dataset<Row> before) {
        Column[] columns = Events.columns(rows.schema());
        List<Column> known = new ArrayList<>(keys.stream().map(Latest::column).toList());
        known.add(RowJson.of(columns).as(KNOWN));
        Column change = functions
                .when(col(BODY).isNull(), DELETE)
                .when(col(KNOWN).isNull(), INSERT)
                .when(col(BODY).notEqual(col(KNOWN)), UPDATE);
        List<Column> changed = new ArrayList<>(List.of(columns));
        changed.add(col(CHANGE));
        return rows.withColumn(BODY, RowJson.of(columns))
                .join(before.select(known.toArray(new Column[0])), Latest.names(keys), "full_outer")
                .withColumn(CHANGE, change)
                .filter(col(CHANGE).isNotNull())
                .select(changed.toArray(new Column[0]));
    }
}
