package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.util.TypeUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * The keys of few events that are in memory. What is known of them is found by a condition, and put beside them here: a join would
 * have Spark start a job for each side.
 */
final class FewKeys {
    /** With more, Spark's join is as fast. */
    static final int MOST = 1000;

    /** Types whose values are equal to Java where they are to Spark; not timestamps, see {@link TouchedKeys#of}. */
    private static final Set<DataType> TYPES = Set.of(
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.StringType,
            DataTypes.DateType);

    private final SparkSession session;
    private final List<InternalRow> events;
    private final StructType columns;
    private final List<String> keys;

    private FewKeys(SparkSession session, List<InternalRow> events, StructType columns, List<String> keys) {
        this.session = session;
        this.events = events;
        this.columns = columns;
        this.keys = List.copyOf(keys);
    }

    /** Those of events; empty where these are not in memory or not few, or their keys of other types. */
    static Optional<FewKeys> of(Dataset<Row> events, List<String> keys) {
        StructType columns = events.schema();
        boolean comparable = keys.stream()
                .allMatch(key -> type(columns, key).filter(TYPES::contains).isPresent());
        return Optional.of(events)
                .filter(all -> comparable)
                .flatMap(KeptRows::inMemory)
                .filter(rows -> rows.size() <= MOST)
                .map(rows -> new FewKeys(events.sparkSession(), rows, columns, keys))
                .filter(FewKeys::areReadable);
    }

    /** Whether readers of files can look for all values. */
    private boolean areReadable() {
        int[] places = places(columns);
        return events.stream()
                .flatMap(event -> values(event, columns, places).stream())
                .allMatch(TouchedKeys::isReadable);
    }

    private static Optional<DataType> type(StructType columns, String name) {
        return Stream.of(columns.fields())
                .filter(field -> field.name().equals(name))
                .findFirst()
                .map(StructField::dataType);
    }

    /** Whether rows have these keys, of the same types. */
    boolean fit(StructType rows) {
        return keys.stream().allMatch(key -> type(rows, key).equals(type(columns, key)));
    }

    /** Whether the keys of a row that fits are among these. Null is none. */
    Column contain() {
        Set<Object> all = new HashSet<>();
        List<Set<Object>> ofEach = new ArrayList<>();
        keys.forEach(key -> ofEach.add(new HashSet<>()));
        int[] places = places(columns);
        for (InternalRow event : events) {
            List<Object> values = values(event, columns, places);
            if (!values.contains(null)) {
                all.add(new GenericInternalRow(values.toArray()));
                for (int key = 0; key < places.length; key++) {
                    ofEach.get(key).add(values.get(key));
                }
            }
        }
        if (all.isEmpty()) {
            return lit(false);
        }
        Column[] named = keys.stream().map(Latest::column).toArray(Column[]::new);
        // Readers of files understand conditions on a column alone.
        Column contain = in(named[0], ofEach.get(0));
        for (int key = 1; key < named.length; key++) {
            contain = contain.and(in(named[key], ofEach.get(key)));
        }
        return named.length == 1 ? contain : contain.and(in(struct(named), all));
    }

    private static Column in(Column column, Set<Object> values) {
        scala.collection.immutable.Set<Object> set =
                JavaConverters.asScalaSetConverter(values).asScala().toSet();
        return new Column(new InSet(column.expr(), set));
    }

    /**
     * The events with what is known of their keys.
     *
     * @param known rows in memory that fit, any number of each key; their other columns are added to those of the events, each with
     *     its greatest value of the key, or null
     * @param single a column of which each key has one value at most, as long as the table has one row of each key
     * @return empty where a key has several: only a join gives each of them
     */
    Optional<Dataset<Row>> with(Dataset<Row> known, String single) {
        StructType found = known.schema();
        List<StructField> more = Stream.of(found.fields())
                .filter(field -> !keys.contains(field.name()))
                .toList();
        int[] places = places(found);
        Map<List<Object>, Object[]> byKey = new HashMap<>();
        for (InternalRow row : KeptRows.inMemory(known).orElseThrow()) {
            Object[] greatest = byKey.computeIfAbsent(values(row, found, places), key -> new Object[more.size()]);
            for (int column = 0; column < greatest.length; column++) {
                StructField field = more.get(column);
                Object value = row.get(found.fieldIndex(field.name()), field.dataType());
                if (field.name().equals(single) && value != null && greatest[column] != null) {
                    return Optional.empty();
                }
                greatest[column] = greatest(greatest[column], value, field.dataType());
            }
        }
        int[] all = new int[columns.size()];
        Arrays.setAll(all, place -> place);
        int[] ofKeys = places(columns);
        Object[] nothing = new Object[more.size()];
        List<InternalRow> joined = new ArrayList<>();
        for (InternalRow event : events) {
            List<Object> values = values(event, columns, all);
            values.addAll(Arrays.asList(byKey.getOrDefault(values(event, columns, ofKeys), nothing)));
            joined.add(new GenericInternalRow(values.toArray()));
        }
        StructType schema = columns;
        for (StructField field : more) {
            schema = schema.add(field);
        }
        return Optional.of(KeptRows.ofRows(session, joined, schema));
    }

    private int[] places(StructType of) {
        return keys.stream().mapToInt(of::fieldIndex).toArray();
    }

    private static List<Object> values(InternalRow row, StructType columns, int[] places) {
        List<Object> values = new ArrayList<>();
        for (int place : places) {
            values.add(
                    row.isNullAt(place)
                            ? null
                            : row.get(place, columns.apply(place).dataType()));
        }
        return values;
    }

    private static Object greatest(Object some, Object other, DataType type) {
        if (some == null || other == null) {
            return some == null ? other : some;
        }
        return TypeUtils.getInterpretedOrdering(type).compare(some, other) >= 0 ? some : other;
    }
}
