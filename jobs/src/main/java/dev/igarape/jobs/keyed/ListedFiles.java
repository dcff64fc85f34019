package dev.igarape.jobs.keyed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.files.TahoeBatchFileIndex;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/**
 * Files of a version of a Delta table without partitions. A query reads those whose least and greatest values say that they may hold rows
 * for which its conditions hold: those of {@link FewKeys} and {@link TouchedKeys}. Delta would start a job to find them, and plan a
 * query for the list itself.
 *
 * @see <a href="https://github.com/delta-io/delta/blob/v3.3.2/PROTOCOL.md#per-file-statistics">Delta's protocol, statistics</a>
 */
final class ListedFiles extends TahoeBatchFileIndex {
    private static final String LEAST = "minValues";
    private static final String GREATEST = "maxValues";

    private static final Set<DataType> INTEGERS =
            Set.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

    private final List<AddFile> files;
    private final boolean skips;
    /** Statistics that were looked at, by file. */
    private final Map<String, JsonNode> parsed = new HashMap<>();
    /** Likewise their values: a condition may compare one with those of many keys. */
    private final Map<Bound, Optional<Object>> bounds = new HashMap<>();

    /** @param side {@link #LEAST} or {@link #GREATEST} */
    private record Bound(String file, String side, String column) {}

    /** @param skips whether to look into statistics; few files are read sooner */
    ListedFiles(SparkSession session, DeltaLog log, Snapshot snapshot, List<AddFile> files, boolean skips) {
        super(session, "batch", RowChanges.seq(files), log, log.dataPath(), snapshot, false);
        if (!snapshot.metadata().partitionColumns().isEmpty()) {
            throw new IllegalArgumentException("Cannot list files by conditions on partitions: " + log.dataPath());
        }
        this.files = List.copyOf(files);
        // Else statistics have other names than columns.
        this.skips = skips && snapshot.metadata().columnMappingMode().name().equals("none");
    }

    /** Whether no less is left out here by a column's values than Delta would leave out, which compares fractions, too. */
    static boolean compare(DataType type) {
        return !(type instanceof DecimalType || type instanceof DoubleType || type instanceof FloatType);
    }

    @Override
    public synchronized Seq<AddFile> matchingFiles(Seq<Expression> ofPartitions, Seq<Expression> conditions) {
        List<Expression> all = JavaConverters.seqAsJavaList(conditions);
        return RowChanges.seq(files.stream()
                .filter(file -> !skips || all.stream().allMatch(condition -> mayHold(file, condition)))
                .toList());
    }

    /** Whether a file may have a row for which a condition holds: true where that is not known. */
    private boolean mayHold(AddFile file, Expression condition) {
        if (condition instanceof And both) {
            return mayHold(file, both.left()) && mayHold(file, both.right());
        }
        if (condition instanceof Or either) {
            return mayHold(file, either.left()) || mayHold(file, either.right());
        }
        if (condition instanceof GreaterThanOrEqual from) {
            return !(from.right() instanceof Literal literal)
                    || may(bound(file, GREATEST, from.left()), literal.value(), order -> order >= 0);
        }
        if (condition instanceof LessThanOrEqual to) {
            return !(to.right() instanceof Literal literal)
                    || may(bound(file, LEAST, to.left()), literal.value(), order -> order <= 0);
        }
        if (condition instanceof InSet in) {
            Optional<Object> least = bound(file, LEAST, in.child());
            Optional<Object> greatest = bound(file, GREATEST, in.child());
            return JavaConverters.setAsJavaSetConverter(in.hset()).asJava().stream()
                    .anyMatch(value ->
                            may(least, value, order -> order <= 0) && may(greatest, value, order -> order >= 0));
        }
        return true;
    }

    /**
     * Whether a bound compares to a value like this: true where only Spark knows.
     *
     * @param value as Spark has it
     */
    private static boolean may(Optional<Object> bound, Object value, IntPredicate order) {
        if (bound.isEmpty()) {
            return true;
        }
        if (bound.get() instanceof UTF8String text) {
            return !(value instanceof UTF8String other) || order.test(text.compareTo(other));
        }
        boolean integral =
                value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
        return !integral || order.test(Long.compare((Long) bound.get(), ((Number) value).longValue()));
    }

    /** The bound of a column in a file: text, or a whole number, which for a date is its day since 1970; empty where it is not known. */
    private Optional<Object> bound(AddFile file, String side, Expression column) {
        if (!(column instanceof AttributeReference attribute)) {
            return Optional.empty();
        }
        return bounds.computeIfAbsent(
                new Bound(file.path(), side, attribute.name()),
                bound -> value(statistics(file).path(side).path(bound.column()), attribute.dataType()));
    }

    private static Optional<Object> value(JsonNode bound, DataType type) {
        if (type.equals(DataTypes.StringType)) {
            // Text that is not UTF-8 is written with another character, which sorts elsewhere.
            return bound.isTextual() && bound.textValue().indexOf('\ufffd') < 0
                    ? Optional.of(UTF8String.fromString(bound.textValue()))
                    : Optional.empty();
        }
        if (type.equals(DataTypes.DateType)) {
            return day(bound);
        }
        return INTEGERS.contains(type) && bound.isIntegralNumber() && bound.canConvertToLong()
                ? Optional.of(bound.longValue())
                : Optional.empty();
    }

    private static Optional<Object> day(JsonNode date) {
        try {
            return Optional.of(LocalDate.parse(date.asText()).toEpochDay());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private JsonNode statistics(AddFile file) {
        return parsed.computeIfAbsent(file.path(), path -> parsed(file.stats()));
    }

    private static JsonNode parsed(String statistics) {
        try {
            return Json.mapper().readTree(statistics == null ? "{}" : statistics);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
