package dev.igarape.jobs.daily;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.sql.SparkSqlParser;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.sql.SqlTemplate;
import dev.igarape.model.sql.TimeShape;
import dev.igarape.model.sql.TimeShape.Form;
import dev.igarape.model.sql.TimeShape.Mixing;
import dev.igarape.model.sql.TimeShape.TimeValue;
import dev.igarape.model.sql.TimeShape.TimeWindow;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cells: equal parts of an interval that the query is seen to compute each from the input rows of its own time, so that they can
 * be computed by themselves as intervals can. They are aligned to 1970-01-01T00:00Z like intervals.
 *
 * <p>An interval says how finely a date is laid out, and is declared; a cell is found from the query. Windows of 5 seconds in
 * intervals of 5 minutes give cells of 15 seconds.
 */
final class Cells {
    /** An interval has at most so many, since each is a row group of its own. */
    private static final int MOST_PARTS = 20;

    /** Others can have times that are null, or that depend on more than their keys. */
    private static final Set<Mixing> CONFINED_BY_KEYS = Set.of(Mixing.GROUP_BY, Mixing.DISTINCT);

    private static final Set<Form> INSIDE = Set.of(Form.WITHIN, Form.LAST);

    private Cells() {}

    /** Their length in a table; empty if only whole intervals can be computed. */
    static Optional<Duration> of(Lake lake, Table table) {
        Optional<Duration> interval = table.definition().interval();
        boolean looksBack =
                table.inputs().stream().anyMatch(input -> input.lookbackTime().isPresent() || input.lookback() > 0);
        if (interval.isEmpty() || looksBack) {
            return Optional.empty();
        }
        // UNION puts columns together by their places, and times are followed by their names.
        return new SparkSqlParser().hasUnion(sql(table))
                ? Optional.empty()
                : shape(lake, table).flatMap(shape -> length(shape, interval.get()));
    }

    /**
     * Whether the query is seen to give each row a time of the input rows that it is made of. Where it is not, the time of a
     * row does not tell by which intervals of the input it is computed again.
     */
    static boolean hasTimesOfInputs(Lake lake, Table table) {
        return shape(lake, table).flatMap(TimeShape::time).isPresent();
    }

    /** The shape of a table's query; empty if an input has no time. */
    private static Optional<TimeShape> shape(Lake lake, Table table) {
        Map<String, List<String>> times = new HashMap<>();
        for (Input input : table.datedInputs()) {
            lake.table(input.table())
                    .definition()
                    .timePath()
                    .ifPresent(path -> times.put(input.table().toString(), path));
        }
        return times.size() < table.datedInputs().size()
                ? Optional.empty()
                : Optional.of(new SparkSqlParser()
                        .timeShape(sql(table), table.definition().time().orElseThrow(), times));
    }

    private static String sql(Table table) {
        return SqlTemplate.forParsing(table.definition().query().orElseThrow());
    }

    /** Their length for a query of this shape; empty if it is not seen that rows stay within windows. */
    static Optional<Duration> length(TimeShape shape, Duration interval) {
        long unit = 1;
        Optional<Long> time = shape.time()
                .filter(value -> value.form() == Form.SAME || INSIDE.contains(value.form()))
                .flatMap(Cells::seconds);
        if (time.isEmpty()) {
            return Optional.empty();
        }
        unit = multiple(unit, time.get());
        for (TimeShape.RowGroup group : shape.groups()) {
            // Any of its keys keeps the rows of a group together; the closest one suffices.
            Optional<Long> key = group.keys().stream()
                    .flatMap(value -> seconds(value).stream())
                    .min(Long::compare);
            if (!CONFINED_BY_KEYS.contains(group.mixing()) || key.isEmpty()) {
                return Optional.empty();
            }
            unit = multiple(unit, key.get());
        }
        long whole = interval.toSeconds();
        for (int parts = MOST_PARTS; parts > 1; parts--) {
            if (whole % parts == 0 && whole / parts % unit == 0) {
                return Optional.of(Duration.ofSeconds(whole / parts));
            }
        }
        return Optional.empty();
    }

    /** The length of the window in which equal values lie, in seconds; empty if that is not of whole seconds, or slides. */
    private static Optional<Long> seconds(TimeValue value) {
        if (value.window().isEmpty()) {
            return Optional.of(1L);
        }
        TimeWindow window = value.window().get();
        long seconds = window.length().toSeconds();
        boolean aligned = seconds > 0
                && window.isTumbling()
                && Duration.ofSeconds(seconds).equals(window.length())
                && window.offset().toNanos() % window.length().toNanos() == 0;
        return aligned ? Optional.of(seconds) : Optional.empty();
    }

    private static long multiple(long one, long other) {
        long divisor = one;
        for (long rest = other; rest != 0; ) {
            long next = divisor % rest;
            divisor = rest;
            rest = next;
        }
        return one / divisor * other;
    }
}
