package dev.igarape.jobs.input;

import dev.igarape.jobs.landing.kafka.datum.EventTimes;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Event times of the rows of a table: its {@code time} column or, of a Kafka landing, the time by which the landing has
 * dated the record.
 */
public final class EventTime {
    private EventTime() {}

    /**
     * The event time of each row as a timestamp.
     *
     * @param table with the trait {@link dev.igarape.model.Trait#TIMED}
     * @param zone of days without a time, and of local times
     */
    public static Column of(Table table, Dataset<Row> rows, ZoneId zone) {
        return table.definition()
                .kafka()
                .map(source -> landed(source, rows.schema(), zone))
                .orElseGet(() -> functions
                        .col("`" + table.definition().time().orElseThrow() + "`")
                        .cast(DataTypes.TimestampType));
    }

    /** Whether an event time is in one of these ranges. */
    public static Column within(Column time, Collection<TimeRange> ranges) {
        return ranges.stream()
                .map(range -> time.geq(literal(range.from())).and(time.lt(literal(range.until()))))
                .reduce(Column::or)
                .orElse(functions.lit(false));
    }

    /** The index of the interval in which an event time lies, see {@code jobs.interval.Interval}. */
    public static Column interval(Column time, Duration length) {
        long micros = length.toSeconds() * 1_000_000L;
        Column since = functions.unix_micros(time);
        // Without the remainder, the quotient is exact.
        return since.minus(functions.pmod(since, functions.lit(micros)))
                .divide(functions.lit(micros))
                .cast(DataTypes.LongType);
    }

    private static Column literal(Instant moment) {
        return functions.lit(moment);
    }

    private static Column landed(Source.Kafka source, StructType schema, ZoneId zone) {
        Column sent = functions.col("timestamp");
        if (source.eventTime().isEmpty()) {
            return sent;
        }
        String field = source.eventTime().get();
        String name = zone.getId();
        if (source.format().equals("json")) {
            UDF1<String, Instant> parse = value -> EventTimes.ofJson(value, field, ZoneId.of(name));
            return functions.coalesce(call(parse, functions.col("value")), sent);
        }
        boolean known = schema.apply("value").dataType() instanceof StructType fields
                && List.of(fields.fieldNames()).contains(field);
        if (!known) {
            return sent;
        }
        StructType value = (StructType) schema.apply("value").dataType();
        DataType type = value.apply(field).dataType();
        Column column = functions.col("value").getField(field);
        if (type.equals(DataTypes.StringType)) {
            UDF1<String, Instant> parse = text -> EventTimes.ofText(text, ZoneId.of(name));
            column = call(parse, column);
        }
        return functions.coalesce(column.cast(DataTypes.TimestampType), sent);
    }

    /** In microseconds, since Spark takes a function's result for a time only where its session says so. */
    private static Column call(UDF1<String, Instant> parse, Column text) {
        UDF1<String, Long> micros = value -> {
            Instant time = value == null ? null : parse.call(value);
            return time == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, time);
        };
        return functions.timestamp_micros(
                functions.udf(micros, DataTypes.LongType).apply(text));
    }
}
