package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.igarape.jobs.sql.Widening;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The fields of Debezium's envelopes as they were landed, with the columns of a row in the types that a table declares. */
final class EnvelopeFields {
    private static final String VALUE = "value";
    private static final int SECOND = 1_000_000;

    private final Map<String, StructField> columns = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Table table;
    private final StructType source;
    private final boolean saysWhenTold;

    /**
     * @param landed the columns of the landing
     * @throws LakeException DEFINITION if it holds no envelopes, or they lack a declared column or have another type of it
     */
    EnvelopeFields(Table table, StructType landed) {
        this.table = table;
        StructType value = struct(landed, VALUE).orElseThrow(() -> noEnvelopes(VALUE));
        for (String field : List.of("op", "before", "after", "source")) {
            if (!List.of(value.fieldNames()).contains(field)) {
                throw noEnvelopes(VALUE + "." + field);
            }
        }
        if (struct(value, "before").isEmpty()) {
            throw noEnvelopes("value.before");
        }
        StructType after = struct(value, "after").orElseThrow(() -> noEnvelopes("value.after"));
        this.source = struct(value, "source").orElseThrow(() -> noEnvelopes("value.source"));
        for (String field : List.of("name", "sequence", "lsn", "snapshot", "ts_ms")) {
            if (!List.of(source.fieldNames()).contains(field)) {
                throw noEnvelopes("value.source." + field);
            }
        }
        this.saysWhenTold = List.of(value.fieldNames()).contains("ts_ms");
        for (StructField field : after.fields()) {
            columns.put(field.name(), field);
        }
        requireDeclared();
    }

    private static Optional<StructType> struct(StructType type, String field) {
        return List.of(type.fieldNames()).contains(field) && type.apply(field).dataType() instanceof StructType inner
                ? Optional.of(inner)
                : Optional.empty();
    }

    private LakeException noEnvelopes(String missing) {
        return new LakeException(
                ExitCode.DEFINITION,
                "Cannot build " + table.name()
                        + ": its input holds no envelopes of Debezium's connector for PostgreSQL,"
                        + " for it has no " + missing + ". Land the connector's topic as it writes it, without the"
                        + " transformation ExtractNewRecordState, or write SQL that makes events.");
    }

    private void requireDeclared() {
        List<String> faults = new ArrayList<>();
        table.columns().forEach((name, type) -> {
            StructField field = columns.get(name);
            if (field == null) {
                faults.add("column " + name + " is declared, but the changes have no such column (they have "
                        + String.join(", ", columns.keySet()) + ")");
            } else if (!isReadable(field.dataType(), DataType.fromDDL(type))) {
                faults.add("column " + name + " is declared " + type + ", but the changes have "
                        + field.dataType().catalogString());
            }
        });
        if (!faults.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "The changes do not give the declared columns of " + table.name() + ": " + String.join("; ", faults)
                            + ". Readers keep the old version. Mend `columns`.");
        }
    }

    private static boolean isReadable(DataType from, DataType to) {
        if (from instanceof ArrayType || from instanceof MapType || from instanceof StructType) {
            // What stands for a value that is not told can't be told from a value there.
            return false;
        }
        boolean isTime = to.equals(DataTypes.TimestampType) || to.equals(DataTypes.TimestampNTZType);
        return from.asNullable().equals(to.asNullable())
                || Widening.isLossless(from, to)
                || isTime && (from.equals(DataTypes.LongType) || from.equals(DataTypes.StringType))
                || to.equals(DataTypes.DateType)
                        && (from.equals(DataTypes.IntegerType) || from.equals(DataTypes.StringType));
    }

    /** The column of the row after a change; of a key that a change takes away, before it. */
    Column value(String name, boolean isKey, Column deletes) {
        Column after = col(VALUE + ".after").getField(columns.get(name).name());
        Column before = col(VALUE + ".before").getField(columns.get(name).name());
        return isKey ? when(deletes, before).otherwise(after) : when(functions.not(deletes), after);
    }

    /** A value in its declared type; null if it has no counterpart there. */
    Column typed(String name, Column value) {
        DataType from = columns.get(name).dataType();
        DataType to = DataType.fromDDL(table.columns().get(name));
        if (from.equals(DataTypes.LongType) && to.equals(DataTypes.TimestampType)) {
            Column wallTime = wallTime(value);
            Column moment = wallTime.cast(to);
            // One that clocks skip is no moment.
            return when(moment.cast(DataTypes.TimestampNTZType).equalTo(wallTime), moment);
        }
        if (from.equals(DataTypes.LongType) && to.equals(DataTypes.TimestampNTZType)) {
            return wallTime(value);
        }
        if (from.equals(DataTypes.IntegerType) && to.equals(DataTypes.DateType)) {
            return functions.date_add(lit(Date.valueOf(LocalDate.EPOCH)), value);
        }
        return value.cast(to);
    }

    /** What a number of microseconds stands for: a time without a zone, as clocks show it. */
    private static Column wallTime(Column micros) {
        Column seconds = micros.cast("decimal(20,0)").divide(lit(SECOND)).cast("decimal(18,6)");
        return lit("1970-01-01 00:00:00")
                .cast(DataTypes.TimestampNTZType)
                .plus(functions.make_dt_interval(lit(0), lit(0), lit(0), seconds));
    }

    /** Whether the value stands for one that is not told. */
    Column isUnavailable(String name, Column value) {
        DataType from = columns.get(name).dataType();
        if (from.equals(DataTypes.StringType)) {
            return value.equalTo(Envelopes.UNAVAILABLE);
        }
        if (from.equals(DataTypes.BinaryType)) {
            return value.equalTo(lit(Envelopes.UNAVAILABLE.getBytes(StandardCharsets.UTF_8)));
        }
        return lit(false);
    }

    /** The time of a change in its database. */
    Column time() {
        Column millis = functions.timestamp_millis(col(VALUE + ".source.ts_ms").cast("bigint"));
        return List.of(source.fieldNames()).contains("ts_us")
                ? coalesce(
                        functions.timestamp_micros(col(VALUE + ".source.ts_us").cast("bigint")), millis)
                : millis;
    }

    /** When the connector has told a change, in milliseconds; null where envelopes do not say it. */
    Column told() {
        return (saysWhenTold ? col(VALUE + ".ts_ms") : lit(null)).cast("bigint");
    }
}
