package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import dev.igarape.jobs.daily.CheckedRows;
import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.RowJson;
import dev.igarape.model.Expectation;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Events that come too late to tell whether their key was deleted after them. They stay in quarantine until the table is computed
 * again from all its events, for which none is too late.
 */
final class LateEvents {
    private static final String ROW = "row";

    private final SparkSession session;
    private final TableLayout layout;
    private final LedgerState state;
    private final boolean whole;
    private final String reason;
    private final Map<LocalDate, Long> held = new TreeMap<>();

    /**
     * @param whole whether all events are read, so that those in quarantine are looked at again
     * @param reason for people
     */
    LateEvents(SparkSession session, TableLayout layout, LedgerState state, boolean whole, String reason) {
        this.session = session;
        this.layout = layout;
        this.state = state;
        this.whole = whole;
        this.reason = reason;
    }

    /** How many a date has in quarantine, by its last build. */
    static long recorded(LedgerState state, LocalDate date) {
        return state.builtOf(date).stream()
                .flatMap(built -> built.build().expectations().stream())
                .filter(result -> result.name().equals(KeyedDefinition.LATE_RULE))
                .mapToLong(ExpectationResult::failed)
                .sum();
    }

    /** How many of a date are in quarantine and stay there. */
    long before(LocalDate date) {
        return whole ? 0 : recorded(state, date);
    }

    /** How many of a date are in quarantine after the step. */
    long after(LocalDate date) {
        return held.getOrDefault(date, before(date));
    }

    /** A warning, if the step has found some. */
    List<String> warnings(TableName table) {
        long late = found();
        if (late == 0) {
            return List.of();
        }
        return List.of(late + (late == 1 ? " event of " : " events of ") + table
                + " came so late that deletions which may be newer are forgotten, and "
                + (late == 1 ? "is" : "are") + " in quarantine by the rule " + KeyedDefinition.LATE_RULE
                + ". ./lake quarantine replay " + table
                + " computes the table from all its events, for which none is too late, where its input still has"
                + " them. Events that a source has sent again look the same and would change nothing.");
    }

    /** How many the step has found. */
    private long found() {
        return held.entrySet().stream()
                .mapToLong(date -> date.getValue() - before(date.getKey()))
                .sum();
    }

    /** The result of the rule, as those of expectations. */
    ExpectationResult result(LocalDate date) {
        return new ExpectationResult(KeyedDefinition.LATE_RULE, Expectation.Action.QUARANTINE, after(date));
    }

    /**
     * Those that are in quarantine after the step, each row once.
     *
     * @param late those of the date that the step has found
     */
    Dataset<Row> quarantined(LocalDate date, Dataset<Row> late, Events events, Staleness staleness, KeptRows work)
            throws IOException {
        Dataset<Row> rows = late.select(CheckedRows.quarantine(
                lit(KeyedDefinition.LATE_RULE), lit(reason), RowJson.of(Events.columns(late.schema()))));
        // Of events that are read again, the table once knew whether they count.
        Optional<Dataset<Row>> unread = events.newOfReread(date, staleness);
        if (unread.isPresent()) {
            Dataset<Row> fresh = unread.get()
                    .select(RowJson.of(Events.columns(unread.get().schema())).as(ROW));
            rows = rows.join(fresh, Latest.names(List.of(ROW)), "left_semi").select(columns(rows));
        }
        if (before(date) > 0) {
            Dataset<Row> known = session.read()
                    .parquet(state.quarantineOf(date).stream()
                            .filter(placed -> placed.partition().rows() > 0)
                            .map(placed -> new Path(
                                            layout.quarantineFolder(),
                                            placed.partition().path())
                                    .toString())
                            .toArray(String[]::new))
                    .filter(col("rule").equalTo(KeyedDefinition.LATE_RULE));
            rows = known.select(columns(rows)).unionByName(rows);
        }
        Dataset<Row> all = work.kept(rows.dropDuplicates(ROW), "late-" + date);
        held.put(date, all.count());
        return all;
    }

    private static Column[] columns(Dataset<Row> rows) {
        return List.of(rows.columns()).stream().map(Latest::column).toArray(Column[]::new);
    }
}
