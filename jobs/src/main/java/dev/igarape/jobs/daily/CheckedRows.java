package dev.igarape.jobs.daily;

import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.sql.RowJson;
import dev.igarape.jobs.storage.QuarantineSchema;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlTemplate;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.JavaConverters;

/**
 * Applies a table's expectations to the rows of a build and counts the results in the pass that writes the rows. A table with a
 * column of times has one that it does not declare: {@link DailyDefinition#TIME_RULE}.
 *
 * <p>A row that fails a {@code quarantine} expectation is quarantined under the first such rule, whatever else it
 * fails; a row that fails a {@code drop} expectation is dropped; all others are written.
 */
public final class CheckedRows {
    private static final String RULE = "__igarape_rule";
    private static final String DROPPED = "__igarape_dropped";
    private static final String PRODUCED = "produced";
    private static final String QUARANTINED = "quarantined";
    private static final String DROPS = "dropped";
    private static final String UNPLACED = "unplaced";
    private static final String MISPLACED = "misplaced";
    private static final String EXAMPLE = "misplaced time";
    private static final String SECONDS = "seconds";
    /** Column that holds the index of a row's interval, in tables that have them. */
    static final String INTERVAL = "__igarape_interval";

    private final Table table;
    private final LocalDate date;
    private final List<Expectation> expectations;
    private final Column misplaced;
    /** Whether there are expectations that keep rows out of the table. */
    private final boolean selective;

    private final Dataset<Row> checked;
    private final Observation observation;

    /** @param misplaced whether a row's time is none of those that are computed */
    public CheckedRows(Table table, LocalDate date, Dataset<Row> rows, Column misplaced) {
        this(table, date, rows, misplaced, false);
    }

    /** @param timed whether the times of the rows are wanted, too */
    CheckedRows(Table table, LocalDate date, Dataset<Row> rows, Column misplaced, boolean timed) {
        this.table = table;
        this.date = date;
        this.expectations = expectations(table);
        this.misplaced = misplaced;
        this.observation = new Observation("igarape " + table.name() + " " + date);
        // At once, since Spark analyses the query anew with each call.
        this.selective = expectations.stream()
                .map(Expectation::onFail)
                .anyMatch(action -> action == Expectation.Action.QUARANTINE || action == Expectation.Action.DROP);
        Dataset<Row> withRules = selective
                ? rows.select(functions.col("*"), rule().as(RULE), dropped().as(DROPPED))
                : rows;
        List<Column> counts = new ArrayList<>();
        Column stray = misplaced;
        if (selective) {
            counts.add(functions.count(functions.col(RULE)).as(QUARANTINED));
            counts.add(functions
                    .count(functions.when(functions.col(RULE).isNull().and(functions.col(DROPPED)), 1))
                    .as(DROPS));
            counts.add(functions
                    .count(functions.when(functions.col(RULE).isNotNull().and(misplaced), 1))
                    .as(UNPLACED));
            // Rows that are kept out of the table need no place in it.
            stray = functions
                    .col(RULE)
                    .isNull()
                    .and(functions.not(functions.col(DROPPED)))
                    .and(misplaced);
        }
        counts.add(functions.count(functions.when(stray, 1)).as(MISPLACED));
        counts.add(functions.max(functions.when(stray, time())).cast("string").as(EXAMPLE));
        if (timed) {
            Column seconds = functions.unix_seconds(time().cast(DataTypes.TimestampType));
            counts.add(functions.sort_array(functions.collect_set(seconds)).as(SECONDS));
        }
        for (Expectation expectation : expectations) {
            counts.add(functions.count(functions.when(fails(expectation), 1)).as(failures(expectation)));
        }
        this.checked = withRules.observe(
                observation, functions.count(functions.lit(1)).as(PRODUCED), counts.toArray(new Column[0]));
    }

    /** What rows have to fulfil: that they have a time comes first. */
    private static List<Expectation> expectations(Table table) {
        List<Expectation> expectations = new ArrayList<>();
        table.definition()
                .time()
                .ifPresent(time -> expectations.add(new Expectation(
                        DailyDefinition.TIME_RULE, "`" + time + "` IS NOT NULL", Expectation.Action.QUARANTINE)));
        expectations.addAll(table.expectations());
        return expectations;
    }

    /**
     * Counts of a pass.
     *
     * @param unplaced quarantined rows whose time is none of those that are computed
     * @param times of all rows, to the second, where they were asked for
     */
    public record Counts(
            long produced,
            long quarantined,
            long dropped,
            long unplaced,
            List<ExpectationResult> expectations,
            List<TimeRange> times) {
        Counts(long produced, long quarantined, long dropped, List<ExpectationResult> expectations) {
            this(produced, quarantined, dropped, 0, expectations, List.of());
        }
    }

    /** The rows to write to the table; counts are available after they have been written. */
    public Dataset<Row> accepted() {
        return !selective
                ? checked
                : checked.filter(functions.col(RULE).isNull().and(functions.not(functions.col(DROPPED))))
                        .drop(RULE, DROPPED);
    }

    private Column time() {
        return table.definition()
                .time()
                .map(time -> functions.col("`" + time + "`"))
                .orElse(functions.lit(null));
    }

    /**
     * The quarantined rows, with the columns of a quarantine table and, where the rows have it, {@link #INTERVAL}, which is null
     * of a row whose time is none of those that are computed.
     */
    public Dataset<Row> quarantined() {
        Column[] columns = quarantine(functions.col(RULE), reason(), RowJson.of(columns()));
        Dataset<Row> ruled = selective ? checked : checked.select(functions.col("*"), rule().as(RULE));
        Dataset<Row> quarantined = ruled.filter(functions.col(RULE).isNotNull());
        Column interval = functions
                .when(functions.not(misplaced), functions.col(INTERVAL))
                .as(INTERVAL);
        return hasIntervals()
                ? quarantined.select(
                        Stream.concat(Stream.of(columns), Stream.of(interval)).toArray(Column[]::new))
                : quarantined.select(columns);
    }

    /** The columns of a quarantine table of rows that a query gave. */
    public static Column[] quarantine(Column rule, Column reason, Column row) {
        Map<String, Column> known = Map.of("rule", rule, "reason", reason, "row", row);
        return QuarantineSchema.columns().entrySet().stream()
                .map(column -> known.getOrDefault(
                                column.getKey(), functions.lit(null).cast(column.getValue()))
                        .as(column.getKey()))
                .toArray(Column[]::new);
    }

    /**
     * The counts after {@link #accepted()} has been written.
     *
     * @throws LakeException (EXPECTATION) if a {@code fail} expectation failed, or rows have another time than those
     *     that are computed
     */
    public Counts counts() throws InterruptedException {
        Map<String, Object> observed = observation.getAsJava();
        requirePlaced(observed);
        List<ExpectationResult> results = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        for (Expectation expectation : expectations) {
            long count = (Long) observed.get(failures(expectation));
            results.add(new ExpectationResult(expectation.name(), expectation.onFail(), count));
            if (count > 0 && expectation.onFail() == Expectation.Action.FAIL) {
                failed.add(expectation.name() + " (" + expectation.check() + "): " + count + " rows");
            }
        }
        if (!failed.isEmpty()) {
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Refused to build " + table.name() + " for " + date + ": expectations failed: "
                            + String.join("; ", failed)
                            + ". Readers keep the old version. Mend the input or the expectation, and run again.");
        }
        return new Counts(
                (Long) observed.get(PRODUCED),
                selective ? (Long) observed.get(QUARANTINED) : 0,
                selective ? (Long) observed.get(DROPS) : 0,
                selective ? (Long) observed.get(UNPLACED) : 0,
                results,
                times(observed));
    }

    private static List<TimeRange> times(Map<String, Object> observed) {
        if (!(observed.get(SECONDS) instanceof scala.collection.Seq<?> seconds)) {
            return List.of();
        }
        List<TimeRange> times = new ArrayList<>();
        for (Object second : JavaConverters.seqAsJavaList(seconds)) {
            Instant from = Instant.ofEpochSecond((Long) second);
            times.add(new TimeRange(from, from.plusSeconds(1)));
        }
        return TimeRange.joined(times);
    }

    private void requirePlaced(Map<String, Object> observed) {
        long misplaced = (Long) observed.get(MISPLACED);
        if (misplaced > 0) {
            String time = table.definition().time().orElseThrow();
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Refused to build " + table.name() + " for " + date + ": " + misplaced
                            + (misplaced == 1 ? " row has" : " rows have") + " a " + time
                            + ", such as " + observed.get(EXAMPLE)
                            + ", outside of the time that was computed. A row belongs to the same interval and date as"
                            + " the input rows that it is made of, so " + time + " has to be the event time of these,"
                            + " or the start of a window of it. Readers keep the old version. Mend the SQL, or keep"
                            + " such rows out with an expectation.");
        }
    }

    private boolean hasIntervals() {
        return List.of(checked.columns()).contains(INTERVAL);
    }

    private Column[] columns() {
        List<Column> columns = new ArrayList<>();
        for (String column : checked.columns()) {
            if (!column.equals(RULE) && !column.equals(DROPPED) && !column.equals(INTERVAL)) {
                columns.add(functions.col("`" + column + "`"));
            }
        }
        return columns.toArray(new Column[0]);
    }

    private Column rule() {
        List<Column> rules = new ArrayList<>();
        for (Expectation expectation : expectations) {
            if (expectation.onFail() == Expectation.Action.QUARANTINE) {
                rules.add(functions.when(fails(expectation), functions.lit(expectation.name())));
            }
        }
        rules.add(functions.lit(null).cast("string"));
        return functions.coalesce(rules.toArray(new Column[0]));
    }

    private Column reason() {
        Column reason = functions.lit(null).cast("string");
        for (Expectation expectation : expectations) {
            if (expectation.onFail() == Expectation.Action.QUARANTINE) {
                reason = functions
                        .when(
                                functions.col(RULE).equalTo(expectation.name()),
                                functions.lit("expected " + expectation.check()))
                        .otherwise(reason);
            }
        }
        return reason;
    }

    private Column dropped() {
        Column dropped = functions.lit(false);
        for (Expectation expectation : expectations) {
            if (expectation.onFail() == Expectation.Action.DROP) {
                dropped = dropped.or(fails(expectation));
            }
        }
        return dropped;
    }

    /** True if the check is false or null. */
    private Column fails(Expectation expectation) {
        String check = SqlTemplate.render(expectation.check(), date);
        return functions.not(functions.coalesce(functions.expr("(" + check + ")"), functions.lit(false)));
    }

    private static String failures(Expectation expectation) {
        return "failed: " + expectation.name();
    }
}
