package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.ntile;
import static org.apache.spark.sql.functions.spark_partition_id;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.util.TypeUtils;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.JavaConverters;
import scala.math.Ordering;

/**
 * The ranges in which the keys of some rows lie, as a condition with constants: readers of files leave out those whose least and
 * greatest values say that they hold none of them.
 */
final class TouchedKeys {
    /** Setting, for tests: what has fewer bytes is read sooner than ranges are found, and has all its files listed at once. */
    private static final String SMALL = "spark.igarape.small";

    private static final String DEFAULT_SMALL = Long.toString(4L << 20);

    private static final int MOST_KEYS = 1000;
    private static final int RANGES = 32;
    private static final String RANGE = "__igarape_range";
    private static final String KEYS = "__igarape_keys";

    private final List<String> keys;
    /**
     * Of each range, the least and the greatest value of each key in turn. Empty where the range is open: readers of files get text as
     * strings of Java, and what is not UTF-8 would be another text, which sorts elsewhere.
     */
    private final List<List<Optional<Column>>> ranges;

    private TouchedKeys(List<String> keys, List<List<Optional<Column>>> ranges) {
        this.keys = List.copyOf(keys);
        this.ranges = List.copyOf(ranges);
    }

    /**
     * Those of rows, whose keys are not null. Each range has about as many keys.
     *
     * <p>Timestamps say nothing: Delta Lake 3.3 writes the least and the greatest of a file with the time zone's offset cut to
     * minutes, and so up to 59 seconds off where clocks went by the sun
     * (<a href="https://github.com/delta-io/delta/issues/5249">delta#5249</a>).
     *
     * @param rows kept ones, which are read
     */
    static TouchedKeys of(Dataset<Row> rows, List<String> all) {
        List<String> keys = all.stream()
                .filter(key -> !isTimestamp(rows.schema().apply(key).dataType()))
                .toList();
        Column[] columns = keys.stream().map(Latest::column).toArray(Column[]::new);
        Dataset<Row> touched = rows.select(columns);
        if (keys.isEmpty()) {
            return new TouchedKeys(keys, List.of(List.of()));
        }
        Optional<List<InternalRow>> inMemory = KeptRows.inMemory(touched).filter(events -> events.size() <= MOST_KEYS);
        if (inMemory.isPresent()) {
            return new TouchedKeys(keys, ranges(inMemory.get(), touched.schema()));
        }
        List<Row> some = ranges(
                touched.limit(MOST_KEYS + 1).withColumn(RANGE, ntile(RANGES).over(Window.orderBy(columns))), keys);
        long known = some.stream()
                .mapToLong(range -> range.getLong(range.size() - 1))
                .sum();
        return new TouchedKeys(
                keys,
                (known <= MOST_KEYS ? some : ranges(parts(touched, columns), keys))
                        .stream().map(range -> bounds(range, touched.schema())).toList());
    }

    private static List<Optional<Column>> bounds(Row range, StructType types) {
        List<Optional<Column>> bounds = new ArrayList<>();
        for (int bound = 0; bound < 2 * types.size(); bound++) {
            // Text that is not UTF-8 has this character in a row.
            boolean isOpen = range.get(bound) instanceof String text && text.indexOf('\ufffd') >= 0;
            Column value = lit(range.get(bound)).cast(types.apply(bound / 2).dataType());
            bounds.add(isOpen ? Optional.empty() : Optional.of(value));
        }
        return bounds;
    }

    /** Ranges of keys as Spark has them, in the order of all keys. */
    private static List<List<Optional<Column>>> ranges(List<InternalRow> touched, StructType types) {
        List<Ordering<Object>> orders = Stream.of(types.fields())
                .map(key -> TypeUtils.getInterpretedOrdering(key.dataType()))
                .toList();
        List<List<Object>> sorted = new ArrayList<>();
        for (InternalRow row : touched) {
            if (!row.anyNull()) {
                List<Object> values = new ArrayList<>();
                for (int key = 0; key < types.size(); key++) {
                    values.add(row.get(key, types.apply(key).dataType()));
                }
                sorted.add(values);
            }
        }
        sorted.sort((some, other) -> {
            int order = 0;
            for (int key = 0; key < orders.size() && order == 0; key++) {
                order = orders.get(key).compare(some.get(key), other.get(key));
            }
            return order;
        });
        List<List<Optional<Column>>> ranges = new ArrayList<>();
        for (int range = 0; range < RANGES; range++) {
            List<List<Object>> part =
                    sorted.subList(range * sorted.size() / RANGES, (range + 1) * sorted.size() / RANGES);
            if (!part.isEmpty()) {
                ranges.add(bounds(part, orders, types));
            }
        }
        return ranges;
    }

    private static List<Optional<Column>> bounds(
            List<List<Object>> part, List<Ordering<Object>> orders, StructType types) {
        List<Optional<Column>> bounds = new ArrayList<>();
        for (int key = 0; key < types.size(); key++) {
            int place = key;
            List<Object> values = part.stream().map(row -> row.get(place)).toList();
            DataType type = types.apply(key).dataType();
            if (!values.stream().allMatch(TouchedKeys::isReadable)) {
                bounds.addAll(Collections.nCopies(2, Optional.<Column>empty()));
                continue;
            }
            bounds.add(Optional.of(new Column(new Literal(Collections.min(values, orders.get(key)), type))));
            bounds.add(Optional.of(new Column(new Literal(Collections.max(values, orders.get(key)), type))));
        }
        return bounds;
    }

    /** Whether readers of files can compare with a value, as Spark has it: text that is not UTF-8 is another one to them. */
    static boolean isReadable(Object value) {
        return !(value instanceof UTF8String text)
                || UTF8String.fromString(text.toString()).equals(text);
    }

    /** Rows by parts of the range of all keys, which are found from a sample. */
    private static Dataset<Row> parts(Dataset<Row> touched, Column[] columns) {
        return touched.repartitionByRange(RANGES, columns).withColumn(RANGE, spark_partition_id());
    }

    private static boolean isTimestamp(DataType type) {
        return type.equals(DataTypes.TimestampType) || type.equals(DataTypes.TimestampNTZType);
    }

    private static List<Row> ranges(Dataset<Row> touched, List<String> keys) {
        List<Column> bounds = new ArrayList<>();
        for (int key = 0; key < keys.size(); key++) {
            bounds.add(min(Latest.column(keys.get(key))).as("least_" + key));
            bounds.add(max(Latest.column(keys.get(key))).as("greatest_" + key));
        }
        bounds.add(count(lit(1)).as(KEYS));
        return touched.groupBy(col(RANGE))
                .agg(bounds.get(0), bounds.subList(1, bounds.size()).toArray(new Column[0]))
                .drop(RANGE)
                .collectAsList();
    }

    /** Whether all of what a query reads is so little that ranges would not pay. */
    static boolean isSmall(Dataset<Row> rows) {
        // Of its sources, since Spark takes a query for larger than these the more columns it has.
        BigInteger bytes = JavaConverters.seqAsJavaList(
                        rows.queryExecution().analyzed().collectLeaves())
                .stream()
                .map(leaf -> leaf.stats().sizeInBytes().bigInteger())
                .reduce(BigInteger.ZERO, BigInteger::add);
        return isSmall(
                rows.sparkSession(),
                bytes.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue());
    }

    /** Whether rows in so many bytes are read sooner than ranges are found. */
    static boolean isSmall(SparkSession session, long bytes) {
        return bytes < Long.parseLong(session.conf().get(SMALL, DEFAULT_SMALL));
    }

    /**
     * Whether the keys of a row lie in one of the ranges; rows with the same keys do.
     */
    Column contains() {
        Column any = lit(false);
        for (List<Optional<Column>> range : ranges) {
            Column all = lit(true);
            for (int key = 0; key < keys.size(); key++) {
                Column value = Latest.column(keys.get(key));
                all = range.get(2 * key).map(value::geq).map(all::and).orElse(all);
                all = range.get(2 * key + 1).map(value::leq).map(all::and).orElse(all);
            }
            any = any.or(all);
        }
        return any;
    }
}
