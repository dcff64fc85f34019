package dev.igarape.jobs.landing.kafka.datum;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Seeded random writer schemas of all types, recursive ones too, and data that fit them. */
public final class RandomAvro {
    private final Random random;
    private final List<Schema> records = new ArrayList<>();
    private int names;

    public RandomAvro(long seed) {
        random = new Random(seed);
    }

    public Schema record() {
        return record(0);
    }

    private Schema record(int depth) {
        Schema record = Schema.createRecord("R" + names++, null, random.nextBoolean() ? "some.where" : null, false);
        records.add(record);
        List<Schema.Field> fields = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            fields.add(new Schema.Field("f" + i, schema(depth + 1)));
        }
        record.setFields(fields);
        return record;
    }

    private Schema schema(int depth) {
        int choice = random.nextInt(depth > 3 ? 8 : 16);
        switch (choice) {
            case 8:
                return Schema.createEnum("E" + names++, null, null, List.of("A", "B", "C"));
            case 9:
                return Schema.createFixed("F" + names++, null, null, random.nextInt(20));
            case 10:
                return Schema.createArray(schema(depth + 1));
            case 11:
                return Schema.createMap(schema(depth + 1));
            case 12:
                return record(depth);
            case 13:
                // Recursion needs a way out: a nullable union.
                return Schema.createUnion(Schema.create(Schema.Type.NULL), records.get(random.nextInt(records.size())));
            case 14:
                return Schema.createArray(records.get(0));
            case 15:
                return Schema.createUnion(
                        Schema.create(Schema.Type.STRING),
                        Schema.create(Schema.Type.NULL),
                        Schema.createArray(schema(depth + 1)),
                        Schema.create(Schema.Type.LONG));
            default:
                return Schema.create(new Schema.Type[] {
                            Schema.Type.NULL,
                            Schema.Type.BOOLEAN,
                            Schema.Type.INT,
                            Schema.Type.LONG,
                            Schema.Type.FLOAT,
                            Schema.Type.DOUBLE,
                            Schema.Type.STRING,
                            Schema.Type.BYTES
                        }
                        [choice]);
        }
    }

    public Object datum(Schema schema) {
        return datum(schema, 0);
    }

    private Object datum(Schema schema, int depth) {
        switch (schema.getType()) {
            case NULL:
                return null;
            case BOOLEAN:
                return random.nextBoolean();
            case INT:
                return random.nextInt() >> random.nextInt(32);
            case LONG:
                return random.nextLong() >> random.nextInt(64);
            case FLOAT:
                return random.nextFloat();
            case DOUBLE:
                return random.nextDouble();
            case STRING:
                return "é".repeat(random.nextInt(random.nextInt(10) == 0 ? 200 : 5));
            case BYTES:
                return ByteBuffer.wrap(bytes(random.nextInt(10)));
            case FIXED:
                return new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
            case ENUM:
                return new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(random.nextInt(schema.getEnumSymbols().size())));
            case UNION:
                return union(schema, depth);
            case ARRAY: {
                List<Object> items = new ArrayList<>();
                for (int i = count(depth); i > 0; i--) {
                    items.add(datum(schema.getElementType(), depth + 1));
                }
                return items;
            }
            case MAP: {
                Map<String, Object> entries = new HashMap<>();
                for (int i = count(depth); i > 0; i--) {
                    entries.put("k" + i, datum(schema.getValueType(), depth + 1));
                }
                return entries;
            }
            default: {
                GenericData.Record record = new GenericData.Record(schema);
                schema.getFields().forEach(f -> record.put(f.pos(), datum(f.schema(), depth + 1)));
                return record;
            }
        }
    }

    private Object union(Schema schema, int depth) {
        List<Schema> branches = schema.getTypes();
        boolean deep = depth > 5 && branches.get(0).getType() == Schema.Type.NULL;
        return datum(deep ? branches.get(0) : branches.get(random.nextInt(branches.size())), depth + 1);
    }

    private int count(int depth) {
        return depth > 5 ? 0 : random.nextInt(4);
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Encodes a datum, arrays and maps with byte counts before their blocks if {@code blocking}. */
    public static byte[] encode(Schema schema, Object datum, boolean blocking) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BinaryEncoder encoder = blocking
                    ? new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null)
                    : EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(datum, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
