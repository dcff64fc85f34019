package dev.igarape.jobs.landing.files.rows;

import dev.igarape.jobs.avro.AvroUnions;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.IndexedRecord;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * Types that Parquet's converter to Avro does not know the meaning of, as Spark and Hive write them: moments of 96 bits
 * (nanoseconds of a day, and a Julian day), which become {@code timestamp-micros}, and decimals in 32 or 64 bits, which become
 * {@code decimal}.
 */
final class ParquetTypes {
    private static final long JULIAN_DAY_OF_1970 = 2_440_588;

    private final Schema schema;

    /** @param stored as Parquet's converter makes it of the file's type */
    ParquetTypes(Schema stored, GroupType file) {
        this.schema = convert(stored, file);
    }

    /** The schema of converted rows. */
    Schema schema() {
        return schema;
    }

    Object converted(Object row) {
        return convert(row, schema);
    }

    private static Schema convert(Schema stored, Type type) {
        return switch (stored.getType()) {
            case UNION ->
                Schema.createUnion(stored.getTypes().stream()
                        .map(branch -> branch.getType() == Schema.Type.NULL ? branch : convert(branch, type))
                        .toList());
            case RECORD -> record(stored, type.asGroupType());
            case ARRAY -> Schema.createArray(convert(stored.getElementType(), element(type)));
            case MAP ->
                Schema.createMap(convert(
                        stored.getValueType(),
                        type.asGroupType().getType(0).asGroupType().getType(1)));
            default -> type.isPrimitive() ? primitive(stored, type.asPrimitiveType()) : stored;
        };
    }

    private static Schema record(Schema stored, GroupType type) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : stored.getFields()) {
            fields.add(new Schema.Field(field, convert(field.schema(), type.getType(field.name()))));
        }
        return Schema.createRecord(stored.getName(), stored.getDoc(), stored.getNamespace(), false, fields);
    }

    /** The elements of a list, by the rules of Parquet for lists of old writers. */
    private static Type element(Type list) {
        if (list.getLogicalTypeAnnotation() != LogicalTypeAnnotation.listType()) {
            return list;
        }
        Type repeated = list.asGroupType().getType(0);
        boolean isElement = repeated.isPrimitive()
                || repeated.asGroupType().getFieldCount() > 1
                || repeated.getName().equals("array")
                || repeated.getName().equals(list.getName() + "_tuple");
        return isElement ? repeated : repeated.asGroupType().getType(0);
    }

    private static Schema primitive(Schema stored, PrimitiveType type) {
        if (type.getPrimitiveTypeName() == PrimitiveTypeName.INT96) {
            return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        }
        boolean integer = stored.getType() == Schema.Type.INT || stored.getType() == Schema.Type.LONG;
        if (integer && type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal) {
            return LogicalTypes.decimal(decimal.getPrecision(), decimal.getScale())
                    .addToSchema(Schema.create(Schema.Type.BYTES));
        }
        return stored;
    }

    private static Object convert(Object value, Schema type) {
        if (value == null) {
            return null;
        }
        // Parquet has no unions but of null and one type.
        Schema target = AvroUnions.withoutNull(type);
        switch (target.getType()) {
            case RECORD:
                IndexedRecord record = (IndexedRecord) value;
                GenericData.Record converted = new GenericData.Record(target);
                for (Schema.Field field : target.getFields()) {
                    converted.put(field.pos(), convert(record.get(field.pos()), field.schema()));
                }
                return converted;
            case ARRAY:
                List<Object> list = new ArrayList<>();
                ((List<?>) value).forEach(element -> list.add(convert(element, target.getElementType())));
                return list;
            case MAP:
                Map<String, Object> map = new TreeMap<>();
                ((Map<?, ?>) value).forEach((key, of) -> map.put(key.toString(), convert(of, target.getValueType())));
                return map;
            case LONG:
                return value instanceof GenericFixed time ? micros(time.bytes()) : value;
            case BYTES:
                return value instanceof Number unscaled
                        ? ByteBuffer.wrap(
                                BigInteger.valueOf(unscaled.longValue()).toByteArray())
                        : value;
            default:
                return value;
        }
    }

    private static long micros(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long nanosOfDay = buffer.getLong();
        long day = buffer.getInt() - JULIAN_DAY_OF_1970;
        return TimeUnit.DAYS.toMicros(day) + Math.floorDiv(nanosOfDay, 1000);
    }
}
