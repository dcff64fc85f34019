package dev.igarape.jobs.avro;

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
import org.apache.hadoop.hive.serde2.typeinfo.UnionTypeInfo;

/**
 * Maps an Avro schema to a Hive table's columns and properties, so that Trino shows the types that Spark shows.
 *
 * <p>Hive's Avro library, and Trino's reader, know only timestamp-millis and return other longs unchanged. The long of
 * a timestamp-micros happens to be Trino's representation of a {@code timestamp(6)}: microseconds since 1970. So the
 * column is published as {@code timestamp}, and the metastore is configured to answer with the published columns
 * ({@code hive.serdes.using.metastore.for.schema}). Without that setting, and in Hive itself, the column is a number.
 */
public final class HiveAvro {
    private static final Set<String> MICROSECONDS = Set.of("timestamp-micros", "local-timestamp-micros");

    private HiveAvro() {}

    /**
     * The schema for {@code avro.schema.literal}. local-timestamp-millis becomes Hive's timestamp, which has no time
     * zone either.
     */
    public static String literal(String schema) {
        return schema.replace("\"logicalType\":\"local-timestamp-millis\"", "\"logicalType\":\"timestamp-millis\"");
    }

    /**
     * Hive types by column name.
     *
     * @throws SerDeException if Hive has no type for a column
     */
    public static Map<String, String> columns(Schema record) throws SerDeException {
        Schema schema = new Schema.Parser().parse(literal(record.toString()));
        AvroObjectInspectorGenerator hive = new AvroObjectInspectorGenerator(schema);
        Map<String, String> columns = new LinkedHashMap<>();
        for (int i = 0; i < hive.getColumnNames().size(); i++) {
            columns.put(
                    hive.getColumnNames().get(i),
                    type(hive.getColumnTypes().get(i), schema.getFields().get(i).schema()));
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
        if (hive instanceof UnionTypeInfo union && avro.getType() == Schema.Type.UNION) {
            List<Schema> branches = valuesOf(avro);
            List<String> types = new ArrayList<>();
            for (int i = 0; i < branches.size(); i++) {
                types.add(type(union.getAllUnionObjectTypeInfos().get(i), branches.get(i)));
            }
            return "uniontype<" + String.join(",", types) + ">";
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
        List<Schema> values = valuesOf(schema);
        return values.size() == 1 ? values.get(0) : schema;
    }

    private static List<Schema> valuesOf(Schema union) {
        return union.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
    }
}
