package dev.igarape.jobs.input;

import dev.igarape.jobs.avro.AvroUnions;
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
import java.util.Optional;
import org.apache.avro.Schema;
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
     * @param avroSchema that reads the rows of a Kafka landing
     * @param zone of days without a time, and of local times; also that of the session
     */
    public static Column of(Table table, Dataset<Row> rows, Optional<String> avroSchema, ZoneId zone) {
        return table.definition()
                .kafka()
                .map(source -> landed(source, rows.schema(), avroSchema, zone))
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

    private static Column landed(Source.Kafka source, StructType schema, Optional<String> avroSchema, ZoneId zone) {
        Column sent = functions.col("timestamp");
        if (source.eventTime().isEmpty()) {
            return sent;
        }
        String field = source.eventTime().get();
        if (source.format().equals("json")) {
            String name = zone.getId();
            return functions.coalesce(
                    call(text -> EventTimes.ofJson(text, field, ZoneId.of(name)), functions.col("value")), sent);
        }
        boolean known = schema.apply("value").dataType() instanceof StructType fields
                && List.of(fields.fieldNames()).contains(field);
        if (!known) {
            return sent;
        }
        StructType value = (StructType) schema.apply("value").dataType();
        DataType type = value.apply(field).dataType();
        Column column = functions.col("value").getField(field);
        return functions.coalesce(
                type.equals(DataTypes.LongType) && isNanos(avroSchema.orElseThrow(), field)
                        ? ofNanos(column)
                        : landed(column, type, zone),
                sent);
    }

    /** Spark has no type for nanoseconds, and reads them as plain numbers. */
    private static boolean isNanos(String avroSchema, String field) {
        Schema value = AvroUnions.withoutNull(
                new Schema.Parser().parse(avroSchema).getField("value").schema());
        return "timestamp-nanos"
                .equals(AvroUnions.withoutNull(value.getField(field).schema()).getProp("logicalType"));
    }

    private static Column ofNanos(Column number) {
        return functions.timestamp_micros(number.minus(functions.pmod(number, functions.lit(1_000L)))
                .divide(functions.lit(1_000L))
                .cast(DataTypes.LongType));
    }

    /** A field's value as the landing has read it. */
    private static Column landed(Column field, DataType type, ZoneId zone) {
        if (type.equals(DataTypes.StringType)) {
            String name = zone.getId();
            return call(text -> EventTimes.ofText(text, ZoneId.of(name)), field);
        }
        if (type.equals(DataTypes.LongType)) {
            return functions.timestamp_millis(field);
        }
        // Days and local times are of the session's time zone.
        return field.cast(DataTypes.TimestampType);
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
