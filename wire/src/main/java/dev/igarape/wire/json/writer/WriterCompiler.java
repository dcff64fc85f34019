package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonToken;
import dev.igarape.wire.avro.DefaultValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** A compiler of an Avro schema to writers. Used once per schema. */
public final class WriterCompiler {
    private final Map<String, RecordWriter> records = new HashMap<>();

    private WriterCompiler() {}

    public static ValueWriter compile(Schema schema) {
        return new WriterCompiler().writer(schema);
    }

    private ValueWriter writer(Schema schema) {
        return logical(schema).orElseGet(() -> physical(schema));
    }

    /** Logical types that Avro finds invalid count as none, as Avro's specification says. */
    private static Optional<ValueWriter> logical(Schema schema) {
        LogicalType type = schema.getLogicalType();
        if (type == null) {
            return Optional.empty();
        }
        if (type instanceof LogicalTypes.Decimal decimal) {
            int fixedSize = schema.getType() == Schema.Type.FIXED ? schema.getFixedSize() : -1;
            return Optional.of(new ScalarWriters.DecimalWriter(decimal.getPrecision(), decimal.getScale(), fixedSize));
        }
        switch (type.getName()) {
            case "date":
                return Optional.of(TemporalWriter.date());
            case "time-millis":
                return Optional.of(TemporalWriter.timeMillis());
            case "time-micros":
                return Optional.of(TemporalWriter.timeMicros());
            case "timestamp-millis":
                return Optional.of(TemporalWriter.timestampMillis());
            case "timestamp-micros":
                return Optional.of(TemporalWriter.timestampMicros());
            case "local-timestamp-millis":
                return Optional.of(TemporalWriter.localTimestampMillis());
            case "local-timestamp-micros":
                return Optional.of(TemporalWriter.localTimestampMicros());
            case "uuid":
                return schema.getType() == Schema.Type.STRING ? Optional.of(new UuidWriter()) : Optional.empty();
            default:
                return Optional.empty();
        }
    }

    private ValueWriter physical(Schema schema) {
        switch (schema.getType()) {
            case NULL:
                return new ScalarWriters.NullWriter();
            case BOOLEAN:
                return new ScalarWriters.BooleanWriter();
            case INT:
                return new ScalarWriters.IntegerWriter("int", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG:
                return new ScalarWriters.IntegerWriter("long", Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT:
                return new ScalarWriters.FloatWriter();
            case DOUBLE:
                return new ScalarWriters.DoubleWriter();
            case STRING:
                return new ScalarWriters.StringWriter();
            case BYTES:
                return ScalarWriters.BytesWriter.bytes();
            case FIXED:
                return ScalarWriters.BytesWriter.fixed(schema.getFixedSize());
            case ENUM:
                return new ScalarWriters.EnumWriter(schema.getEnumSymbols());
            case ARRAY:
                return new ArrayWriter(writer(schema.getElementType()));
            case MAP:
                return new MapWriter(writer(schema.getValueType()));
            case RECORD:
                return record(schema);
            case UNION:
                return union(schema);
        }
        throw new IllegalArgumentException("Unknown Avro type " + schema.getType());
    }

    private ValueWriter record(Schema schema) {
        RecordWriter known = records.get(schema.getFullName());
        if (known != null) {
            return known;
        }
        RecordWriter writer = new RecordWriter(schema.getFullName());
        records.put(schema.getFullName(), writer);
        List<RecordWriter.Field> fields = new ArrayList<>();
        for (Schema.Field field : schema.getFields()) {
            fields.add(new RecordWriter.Field(field.name(), writer(field.schema()), DefaultValue.of(field)));
        }
        writer.define(fields);
        return writer;
    }

    /**
     * An object in a union may name its branch or be bare. It may be both only where a first name can't mean either: a
     * map, or a record with a field called like a branch, is bare if it is the only branch beside null, else named.
     */
    private ValueWriter union(Schema schema) {
        List<String> names = schema.getTypes().stream().map(Schema::getFullName).toList();
        List<ValueWriter> branches =
                schema.getTypes().stream().map(this::writer).toList();
        List<Schema> objects = new ArrayList<>();
        Optional<ObjectWriter> object = Optional.empty();
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i) instanceof ObjectWriter writer) {
                objects.add(schema.getTypes().get(i));
                object = Optional.of(writer);
            }
        }
        if (objects.size() != 1) {
            return new UnionWriter(names, branches, true, Optional.empty());
        }
        if (!clashes(objects.get(0), names)) {
            return new UnionWriter(names, branches, true, object);
        }
        boolean alone = branches.stream()
                        .filter(branch -> !branch.accepts(JsonToken.VALUE_NULL))
                        .count()
                == 1;
        return new UnionWriter(names, branches, !alone, alone ? object : Optional.empty());
    }

    private static boolean clashes(Schema object, List<String> names) {
        return object.getType() == Schema.Type.MAP || names.stream().anyMatch(name -> object.getField(name) != null);
    }
}
