package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.igarape.model.ChangeCapture;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The events of a step that say more than is remembered of their identities.
 *
 * @param events with the columns of the step's events, and more; kept
 * @param byDate how many there are of each date that has some
 * @param ambiguous of all events of the step
 */
record News(Dataset<Row> events, Map<LocalDate, Long> byDate, Ambiguous ambiguous) {
    private static final String KNOWN = ChangeCapture.OF_THE_PLATFORM + "known";
    private static final String IS_NEWS = ChangeCapture.OF_THE_PLATFORM + "is_news";

    /**
     * Finds them.
     *
     * @param last events as {@link Summary#of} gives them
     * @param more columns, given whether anything is known of an event's identity
     */
    static News of(
            Dataset<Row> last,
            Summary summary,
            List<String> identity,
            Optional<Dataset<Row>> remembered,
            Function<Column, List<Column>> more,
            KeptRows work) {
        Dataset<Row> compared = last;
        Optional<Column> known = Optional.empty();
        if (remembered.isPresent()) {
            Dataset<Row> touched = summary.ofParts(summary.touched(remembered.get(), last));
            compared = Latest.withKnown(last, touched, identity, KNOWN);
            known = Optional.of(col(KNOWN));
        }
        List<Column> columns = Stream.of(last.columns())
                .filter(name -> !Ties.isFolded(name))
                .map(Latest::column)
                .collect(Collectors.toCollection(ArrayList::new));
        columns.addAll(more.apply(known.map(Column::isNotNull).orElse(lit(false))));
        columns.add(known.map(summary::isNews).orElse(lit(true)).as(IS_NEWS));
        columns.add(summary.isAmbiguous(last.schema(), known).as(Ambiguous.COLUMN));
        Dataset<Row> kept = work.keptOfEvents(
                compared.select(columns.toArray(new Column[0]))
                        .filter(col(IS_NEWS).or(col(Ambiguous.COLUMN))),
                "news");
        Map<LocalDate, Long> byDate = new HashMap<>();
        List<EventCount> counts = EventCount.of(kept, Events.DATE, IS_NEWS);
        for (EventCount counted : counts) {
            if ((Boolean) counted.alike().get(1)) {
                byDate.put((LocalDate) counted.alike().get(0), counted.events());
            }
        }
        return new News(
                kept.filter(col(IS_NEWS)).drop(IS_NEWS, Ambiguous.COLUMN),
                byDate,
                Ambiguous.of(counts, kept, identity));
    }
}
