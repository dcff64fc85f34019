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
import org.apache.spark.sql.types.DataTypes;
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
    private final List<AddFile> files;
    private final boolean skips;
    /** Statistics that were looked at, by file. */
    private final Map<String, JsonNode> parsed = new HashMap<>();

    /** @param skips whether to look into statistics; few files are read sooner */
    ListedFiles(SparkSession session, DeltaLog log, Snapshot snapshot, List<AddFile> files, boolean skips) {
        super(session, "batch", RowChanges.seq(files), log, log.dataPath(), snapshot, false);
        this.files = List.copyOf(files);
        // Else statistics have other names than columns.
        this.skips = skips && snapshot.metadata().columnMappingMode().name().equals("none");
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
            return mayBe(file, "maxValues", from.left(), from.right(), order -> order >= 0);
        }
        if (condition instanceof LessThanOrEqual to) {
            return mayBe(file, "minValues", to.left(), to.right(), order -> order <= 0);
        }
        if (condition instanceof InSet in) {
            return JavaConverters.setAsJavaSetConverter(in.hset()).asJava().stream()
                    .anyMatch(value -> mayCompare(file, "minValues", in.child(), value, order -> order <= 0)
                            && mayCompare(file, "maxValues", in.child(), value, order -> order >= 0));
        }
        return true;
    }

    private boolean mayBe(AddFile file, String bounds, Expression column, Expression value, IntPredicate order) {
        return !(value instanceof Literal literal) || mayCompare(file, bounds, column, literal.value(), order);
    }

    /**
     * Whether the bound of a column compares to a value like this.
     *
     * @param value as Spark has it
     */
    private boolean mayCompare(AddFile file, String bounds, Expression column, Object value, IntPredicate order) {
        if (value == null || !(column instanceof AttributeReference attribute)) {
            return true;
        }
        JsonNode bound = statistics(file).path(bounds).path(attribute.name());
        return compared(bound, attribute, value).map(order::test).orElse(true);
    }

    /** How a bound compares to a value; empty where only Spark knows. */
    private static Optional<Integer> compared(JsonNode bound, AttributeReference attribute, Object value) {
        if (value instanceof UTF8String text) {
            // Text that is not UTF-8 is written with another character, which sorts elsewhere.
            return bound.isTextual() && bound.textValue().indexOf('\ufffd') < 0
                    ? Optional.of(UTF8String.fromString(bound.textValue()).compareTo(text))
                    : Optional.empty();
        }
        boolean integral =
                value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
        if (!integral) {
            return Optional.empty();
        }
        long number = ((Number) value).longValue();
        if (attribute.dataType().equals(DataTypes.DateType)) {
            return day(bound).map(day -> Long.compare(day, number));
        }
        return bound.isIntegralNumber() && bound.canConvertToLong()
                ? Optional.of(Long.compare(bound.longValue(), number))
                : Optional.empty();
    }

    private static Optional<Long> day(JsonNode date) {
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
