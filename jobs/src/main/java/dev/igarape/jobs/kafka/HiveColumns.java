package dev.igarape.jobs.kafka;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.hadoop.hive.serde2.SerDeException;
import org.apache.hadoop.hive.serde2.avro.AvroObjectInspectorGenerator;
import org.apache.hadoop.hive.serde2.typeinfo.ListTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.MapTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.StructTypeInfo;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfo;

/**
 * The columns of an Avro table as the metastore has them: Hive's own types, but {@code timestamp} where Avro counts
 * microseconds.
 *
 * <p>Hive's Avro library knows timestamp-millis alone, and so does Trino's reader, which gives the long of a
 * timestamp-micros as it is. As it is, it is what Trino holds of a {@code timestamp(6)}: microseconds since 1970. Trino
 * takes a column's type from the metastore, so that it shows what Spark shows. Hive and whoever reads through its library
 * go by the Avro schema and see the number.
 */
final class HiveColumns {
    private static final Set<String> MICROSECONDS = Set.of("timestamp-micros", "local-timestamp-micros");

    private HiveColumns() {}

    /**
     * Type by column.
     *
     * @throws SerDeException if Hive has no types for it
     */
    static Map<String, String> of(Schema record) throws SerDeException {
        AvroObjectInspectorGenerator hive = new AvroObjectInspectorGenerator(record);
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 0; i < hive.getColumnNames().size(); i++) {
            Schema field = record.getFields().get(i).schema();
            columns.put(hive.getColumnNames().get(i), type(hive.getColumnTypes().get(i), field));
        }
        return Collections.unmodifiableMap(columns);
    }

    private static String type(TypeInfo hive, Schema schema) {
        Schema avro = withoutNull(schema);
        if (hive instanceof StructTypeInfo struct && avro.getType() == Schema.Type.RECORD) {
            List<String> fields = new ArrayList<>();
            for (int i = 0; i < avro.getFields().size(); i++) {
                TypeInfo field = struct.getAllStructFieldTypeInfos().get(i);
                fields.add(struct.getAllStructFieldNames().get(i) + ":"
                        + type(field, avro.getFields().get(i).schema()));
            }
            return "struct<" + String.join(",", fields) + ">";
        }
        if (hive instanceof ListTypeInfo list && avro.getType() == Schema.Type.ARRAY) {
            return "array<" + type(list.getListElementTypeInfo(), avro.getElementType()) + ">";
        }
        if (hive instanceof MapTypeInfo map && avro.getType() == Schema.Type.MAP) {
            return "map<" + map.getMapKeyTypeInfo().getTypeName() + ","
                    + type(map.getMapValueTypeInfo(), avro.getValueType()) + ">";
        }
        String logical = avro.getProp("logicalType");
        return avro.getType() == Schema.Type.LONG && logical != null && MICROSECONDS.contains(logical)
                ? "timestamp"
                : hive.getTypeName();
    }

    private static Schema withoutNull(Schema schema) {
        if (schema.getType() != Schema.Type.UNION) {
            return schema;
        }
        List<Schema> values = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        return values.size() == 1 ? values.get(0) : schema;
    }
}
