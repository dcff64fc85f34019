package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many kept events are alike.
 *
 * @param alike their values of the columns that were asked for; one may be null
 * @param events how many
 * @param ambiguous how many of these have {@link Ambiguous#COLUMN}
 */
record EventCount(List<Object> alike, long events, long ambiguous) {
    /**
     * Counts events.
     *
     * @param kept with {@link Ambiguous#COLUMN}
     */
    static List<EventCount> of(Dataset<Row> kept, String... columns) {
        return KeptRows.areInMemory(kept) ? ofRowsInMemory(kept, columns) : ofRowsInFiles(kept, columns);
    }

    private static List<EventCount> ofRowsInMemory(Dataset<Row> kept, String[] columns) {
        Column[] wanted = Stream.concat(Stream.of(columns), Stream.of(Ambiguous.COLUMN))
                .map(name -> col(name))
                .toArray(Column[]::new);
        Map<List<Object>, EventCount> counts = new LinkedHashMap<>();
        for (Row row : kept.select(wanted).collectAsList()) {
            List<Object> alike = values(row, columns.length);
            boolean ambiguous = Boolean.TRUE.equals(row.get(columns.length));
            counts.merge(alike, new EventCount(alike, 1, ambiguous ? 1 : 0), EventCount::plus);
        }
        return List.copyOf(counts.values());
    }

    private static List<EventCount> ofRowsInFiles(Dataset<Row> kept, String[] columns) {
        Column[] alike = Stream.of(columns).map(name -> col(name)).toArray(Column[]::new);
        return kept.groupBy(alike).agg(count(lit(1)), count(when(col(Ambiguous.COLUMN), 1))).collectAsList().stream()
                .map(row -> new EventCount(
                        values(row, columns.length), row.getLong(columns.length), row.getLong(columns.length + 1)))
                .toList();
    }

    private EventCount plus(EventCount more) {
        return new EventCount(alike, events + more.events, ambiguous + more.ambiguous);
    }

    private static List<Object> values(Row row, int columns) {
        List<Object> values = new ArrayList<>();
        for (int column = 0; column < columns; column++) {
            values.add(row.get(column));
        }
        return values;
    }
}
