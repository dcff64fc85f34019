package dev.igarape.jobs.daily;

import dev.igarape.jobs.input.EventTime;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.sql.InputQuery;
import dev.igarape.jobs.sql.Widening;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlTemplate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The query of a daily table. */
public final class DateQuery {
    private final Table table;
    private final DailyInputs inputs;

    public DateQuery(Table table, DailyInputs inputs) {
        this.table = table;
        this.inputs = inputs;
    }

    /** Its rows of the times that are computed, with the declared columns. */
    Dataset<Row> rows(SparkSession session, DateScope scope) throws IOException {
        return kept(rows(session, scope.date(), inputs.rows(session, scope), inputs.isTiny(scope)), scope);
    }

    /**
     * Likewise; but rows without a place among these are taken only where input rows of the times that are computed give
     * them. Those of a lookback give them to their own times.
     */
    Dataset<Row> rowsWithOwnStrays(SparkSession session, DateScope scope) throws IOException {
        Column misplaced = misplaced(scope);
        Dataset<Row> own = rows(session, scope.date(), inputs.ownRows(session, scope), inputs.isTiny(scope));
        return rows(session, scope)
                .filter(functions.not(misplaced))
                .unionByName(kept(own, scope).filter(misplaced));
    }

    /** Whether it reads input rows before the times that are computed. */
    boolean looksBack() {
        return !lookback().isZero();
    }

    /**
     * Its rows over these rows of the inputs, with the declared columns.
     *
     * @param tiny whether one task reads them all
     */
    public Dataset<Row> rows(SparkSession session, LocalDate date, Map<TableName, Dataset<Row>> rows, boolean tiny) {
        InputQuery query = new InputQuery(rows);
        if (tiny) {
            query.inOnePartition();
        }
        return declared(query.dataset(
                session, SqlTemplate.render(table.definition().query().orElseThrow(), date)));
    }

    /**
     * Leaves out results of the times beside those that are computed, of which a query with a lookback sees a part of the
     * input only. Rows further off are kept, so that they are noticed.
     */
    private Dataset<Row> kept(Dataset<Row> rows, DateScope scope) {
        List<TimeRange> neighbours = scope.neighbours(lookback());
        if (neighbours.isEmpty()) {
            return rows;
        }
        DataType type =
                rows.schema().apply(table.definition().time().orElseThrow()).dataType();
        if (type.equals(DataTypes.TimestampNTZType)) {
            neighbours = neighbours.stream()
                    .map(range -> withFirstMoments(range, scope.zone()))
                    .toList();
        }
        Column beside =
                EventTime.within(time(), neighbours).and(functions.not(EventTime.within(time(), scope.times())));
        return rows.filter(functions.not(functions.coalesce(beside, functions.lit(false))));
    }

    /** A local time that stands for two moments is taken for the first one, where the lookback may have read the second one. */
    private TimeRange withFirstMoments(TimeRange range, ZoneId zone) {
        ZoneOffsetTransition change =
                zone.getRules().previousTransition(range.from().plus(lookback()));
        if (change == null || !change.isOverlap()) {
            return range;
        }
        Duration twice = change.getDuration().abs();
        Instant first = change.getInstant().minus(twice);
        boolean isRead = change.getInstant().plus(twice).isAfter(range.from());
        return isRead && first.isBefore(range.from()) ? new TimeRange(first, range.until()) : range;
    }

    /** The longest one of the table's inputs. */
    private Duration lookback() {
        return table.inputs().stream()
                .flatMap(input -> input.lookbackTime().stream())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** The event time of a row of the result. */
    Column time() {
        String column = table.definition().time().orElseThrow();
        return functions.col("`" + column + "`").cast(DataTypes.TimestampType);
    }

    /** The index of the interval in which a row of the result lies. */
    Column interval() {
        return EventTime.interval(time(), table.definition().interval().orElseThrow());
    }

    /** Whether a row of the result is none of those that the scope computes. */
    Column misplaced(DateScope scope) {
        if (table.definition().time().isEmpty()) {
            return functions.lit(false);
        }
        return functions.not(functions.coalesce(EventTime.within(time(), scope.times()), functions.lit(false)));
    }

    /** The query's columns in the declared order, cast to the declared types where that is lossless. */
    private Dataset<Row> declared(Dataset<Row> rows) {
        if (table.columns().isEmpty()) {
            return rows;
        }
        Map<String, DataType> produced = new LinkedHashMap<>();
        for (StructField field : rows.schema().fields()) {
            produced.put(field.name(), field.dataType());
        }
        List<String> faults = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        for (Map.Entry<String, String> column : table.columns().entrySet()) {
            DataType declaredType = DataType.fromDDL(column.getValue());
            DataType actualType = produced.remove(column.getKey());
            if (actualType == null) {
                faults.add("column " + column.getKey() + " is declared, but the query lacks it");
            } else if (!actualType.asNullable().equals(declaredType.asNullable())
                    && !Widening.isLossless(actualType, declaredType)) {
                faults.add("column " + column.getKey() + " is declared " + declaredType.catalogString()
                        + ", but the query gives " + actualType.catalogString() + " (cast it in the SQL)");
            } else {
                columns.add(functions
                        .col("`" + column.getKey() + "`")
                        .cast(declaredType)
                        .as(column.getKey()));
            }
        }
        produced.keySet().forEach(extra -> faults.add("the query gives column " + extra + ", which is not declared"));
        if (!faults.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "The query of " + table.name() + " does not give its declared columns: " + String.join("; ", faults)
                            + ". Readers keep the old version.");
        }
        return isDeclared(rows.schema()) ? rows : rows.select(columns.toArray(new Column[0]));
    }

    /** Whether a query gives just the declared columns, so that there is nothing to cast or to put in order. */
    private boolean isDeclared(StructType produced) {
        List<String> names = List.copyOf(table.columns().keySet());
        return names.equals(List.of(produced.fieldNames()))
                && Arrays.stream(produced.fields())
                        .allMatch(field -> field.metadata().equals(Metadata.empty())
                                && field.dataType()
                                        .asNullable()
                                        .equals(DataType.fromDDL(table.columns().get(field.name()))
                                                .asNullable()));
    }
}
