package dev.igarape.wire.avro;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.avro.Schema;

/** Avro schemas of Java values without one, such as strings and numbers. */
public final class PrimitiveSchemas {
    private static final Schema BOOLEAN = Schema.create(Schema.Type.BOOLEAN);
    private static final Schema INT = Schema.create(Schema.Type.INT);
    private static final Schema LONG = Schema.create(Schema.Type.LONG);
    private static final Schema FLOAT = Schema.create(Schema.Type.FLOAT);
    private static final Schema DOUBLE = Schema.create(Schema.Type.DOUBLE);
    private static final Schema STRING = Schema.create(Schema.Type.STRING);
    private static final Schema BYTES = Schema.create(Schema.Type.BYTES);

    private PrimitiveSchemas() {}

    public static Optional<Schema> schemaOf(Object value) {
        if (value instanceof CharSequence) {
            return Optional.of(STRING);
        } else if (value instanceof Integer) {
            return Optional.of(INT);
        } else if (value instanceof Long) {
            return Optional.of(LONG);
        } else if (value instanceof Boolean) {
            return Optional.of(BOOLEAN);
        } else if (value instanceof Double) {
            return Optional.of(DOUBLE);
        } else if (value instanceof Float) {
            return Optional.of(FLOAT);
        } else if (value instanceof byte[] || value instanceof ByteBuffer) {
            return Optional.of(BYTES);
        }
        return Optional.empty();
    }
}
