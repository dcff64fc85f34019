package dev.igarape.jobs.schema;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.apache.avro.generic.GenericData;

/** Generates sample values of a schema, always the same ones. */
final class SampleValues {
    private static final int MAX_DEPTH = 8;
    private static final String UUID = "00000000-0000-4000-8000-000000000000";

    private SampleValues() {}

    /**
     * The sample value with this number; successive numbers cover all branches of a union and all symbols of an enum.
     */
    static Object of(Schema schema, int number) {
        return of(schema, number, 0);
    }

    private static Object of(Schema schema, int number, int depth) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericData.Record record = new GenericData.Record(schema);
                for (Schema.Field field : schema.getFields()) {
                    record.put(field.pos(), of(field.schema(), number, nested(schema, depth)));
                }
                yield record;
            }
            case ARRAY ->
                depth < MAX_DEPTH
                        ? Collections.singletonList(of(schema.getElementType(), number, nested(schema, depth)))
                        : List.of();
            case MAP ->
                depth < MAX_DEPTH
                        ? Collections.singletonMap("key", of(schema.getValueType(), number, nested(schema, depth)))
                        : Map.of();
            case UNION -> of(branch(schema, number, depth), number, nested(schema, depth));
            case ENUM ->
                new GenericData.EnumSymbol(
                        schema,
                        schema.getEnumSymbols()
                                .get(number % schema.getEnumSymbols().size()));
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
            case STRING ->
                schema.getLogicalType() != null
                                && schema.getLogicalType().getName().equals("uuid")
                        ? UUID
                        : "a";
            case BYTES -> ByteBuffer.wrap(new byte[] {1});
            case INT -> 1;
            case LONG -> 1L;
            case FLOAT -> 1f;
            case DOUBLE -> 1d;
            case BOOLEAN -> true;
            case NULL -> null;
        };
    }

    private static Schema branch(Schema union, int number, int depth) {
        List<Schema> branches = union.getTypes();
        return depth < MAX_DEPTH
                ? branches.get(number % branches.size())
                : branches.stream()
                        .filter(branch -> branch.getType() == Type.NULL)
                        .findFirst()
                        .orElse(branches.get(0));
    }

    private static int nested(Schema schema, int depth) {
        if (depth > 10 * MAX_DEPTH) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot make a value of " + schema.getFullName()
                            + ": it contains itself without end. Make the inner one nullable.");
        }
        return depth + 1;
    }
}
