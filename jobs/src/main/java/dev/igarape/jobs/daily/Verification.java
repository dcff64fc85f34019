package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.EventTime;
import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.interval.Intervals;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * Checks what a table with intervals declares: that the rows of an interval depend only on input rows of its time. Computes
 * a date as a whole, and each interval by itself, from the same inputs; writes nothing.
 */
final class Verification {
    private final Lake lake;
    private final SparkSession spark;

    Verification(Lake lake, SparkSession spark) {
        this.lake = lake;
        this.spark = spark;
    }

    /**
     * Compares the two ways of computing a date, both with the newest versions of inputs without dates: what is stored is not
     * looked at.
     *
     * @return a sentence without a full stop for each interval whose rows differ
     * @throws LakeException NO_INPUT if an input lacks the date
     */
    List<String> run(Table table, LocalDate date) throws IOException {
        Duration length = table.definition().interval().orElseThrow();
        ZoneId zone = lake.timezone(table);
        DailyInputs inputs = DailyInputs.read(lake, table);
        inputs.requirePresent(List.of(date));
        DateQuery query = new DateQuery(table, inputs);
        Map<TableName, SnapshotRead> snapshots = inputs.newestSnapshots();
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", zone.getId());
        session.conf().set("spark.sql.shuffle.partitions", "1");
        Dataset<Row> rows = query.rows(session, DateScope.inOnePiece(date, zone, snapshots));
        boolean local = rows.schema()
                .apply(table.definition().time().orElseThrow())
                .dataType()
                .equals(DataTypes.TimestampNTZType);
        if (local && Intervals.hasClockChange(date, zone)) {
            // Such a date is computed whole, see Scopes.
            return List.of();
        }
        Map<Long, List<String>> whole = rowsByInterval(query, accepted(table, date, rows), length);
        Intervals intervals = new Intervals(length, zone);
        Set<Interval> fed = Set.copyOf(intervals.overlapping(date, inputs.times(session, date, intervals)));
        List<String> differences = new ArrayList<>();
        for (Interval interval : intervals.of(date)) {
            DateScope scope = new DateScope(date, zone, List.of(interval), false, snapshots);
            List<String> expected = whole.getOrDefault(interval.index(), List.of());
            List<String> alone = fed.contains(interval)
                    ? rowsByInterval(query, accepted(table, date, query.rows(session, scope)), length).values().stream()
                            .flatMap(List::stream)
                            .sorted()
                            .toList()
                    : List.of();
            if (!alone.equals(expected)) {
                differences.add("interval " + interval.label() + " has " + expected.size()
                        + " rows if the date is computed whole and " + alone.size() + " by itself"
                        + example(expected, alone));
            }
        }
        return differences;
    }

    /** The rows that the table gets: those that are kept out of it, as rows without a time are, may have any time. */
    private static Dataset<Row> accepted(Table table, LocalDate date, Dataset<Row> rows) {
        return new CheckedRows(table, date, rows, functions.lit(false)).accepted();
    }

    private static Map<Long, List<String>> rowsByInterval(DateQuery query, Dataset<Row> rows, Duration length) {
        Column[] columns = java.util.Arrays.stream(rows.columns())
                .map(name -> functions.col("`" + name + "`"))
                .toArray(Column[]::new);
        Map<Long, List<String>> byInterval = new HashMap<>();
        for (Row row : rows.select(EventTime.interval(query.time(), length), RowJson.of(columns))
                .collectAsList()) {
            byInterval
                    .computeIfAbsent(row.getLong(0), index -> new ArrayList<>())
                    .add(row.getString(1));
        }
        return byInterval.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue().stream().sorted().toList()));
    }

    /** A row that only one of the two ways gives. */
    private static String example(List<String> whole, List<String> alone) {
        List<String> missing = new ArrayList<>(whole);
        alone.forEach(missing::remove);
        List<String> extra = new ArrayList<>(alone);
        whole.forEach(extra::remove);
        return missing.isEmpty()
                ? extra.isEmpty() ? "" : ": only the interval by itself has " + extra.get(0)
                : ": only the whole date has " + missing.get(0);
    }
}
