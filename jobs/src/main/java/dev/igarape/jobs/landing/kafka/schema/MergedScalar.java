package dev.igarape.jobs.landing.kafka.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;

/**
 * The type of numbers, texts or bytes that holds the values of several types exactly.
 *
 * <p>Avro reads a value with the reader's logical type and ignores the writer's. So two logical types can only be
 * merged if both interpret the bytes in the same way: decimals must have the same scale. If one writer has no logical
 * type, the merged type has none either, because that writer's values may mean anything; the other writers' meaning is
 * kept in the property {@link #MEANING}, so that no different meaning is merged later.
 *
 * @param base {@code FIXED} for decimals in fixed bytes, whose size is stored elsewhere
 * @param logical name of the logical type; empty text if no writer has one
 * @param bare whether a writer lacks the logical type, so that it is not shown to readers
 * @param precision of decimals
 * @param scale of decimals
 */
record MergedScalar(Type base, String logical, boolean bare, int precision, int scale) {
    private static final String MEANING = "igarape.meaning";
    private static final String DECIMAL = "decimal";
    private static final Set<String> NANOS = Set.of("timestamp-nanos", "local-timestamp-nanos");
    private static final Set<Type> INTEGERS = Set.of(Type.INT, Type.LONG);
    private static final Set<Type> EXACT_IN_DOUBLE = Set.of(Type.INT, Type.FLOAT, Type.DOUBLE);
    private static final Set<Type> BYTES = Set.of(Type.STRING, Type.BYTES);

    /** The type of one schema. Logical types that are invalid or do not matter to readers (uuid) are ignored. */
    static MergedScalar of(Schema schema) {
        String meaning = Optional.ofNullable(schema.getProp(MEANING)).orElse("");
        String name = Optional.ofNullable(schema.getProp("logicalType")).orElse("");
        boolean nanos = schema.getType() == Type.LONG && NANOS.contains(name);
        boolean known = schema.getLogicalType() != null && !name.equals("uuid");
        String logical = known || nanos ? name : meaning;
        boolean bare = !known && !nanos;
        int precision = 0;
        int scale = 0;
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            precision = decimal.getPrecision();
            scale = decimal.getScale();
        } else if (logical.equals(DECIMAL)) {
            precision = number(schema, "precision");
            scale = number(schema, "scale");
        }
        return new MergedScalar(schema.getType(), logical, bare, precision, scale);
    }

    private static int number(Schema schema, String property) {
        return schema.getObjectProp(property) instanceof Number number ? number.intValue() : 0;
    }

    /** The type that holds the values of all these schemas; empty if there is none. */
    static Optional<MergedScalar> merge(List<Schema> schemas) {
        Optional<MergedScalar> merged = Optional.of(of(schemas.get(0)));
        for (Schema schema : schemas) {
            merged = merged.flatMap(scalar -> scalar.merge(of(schema)));
        }
        return merged;
    }

    private Optional<MergedScalar> merge(MergedScalar other) {
        Optional<Type> commonType = commonType(base, other.base);
        boolean decimals = logical.equals(DECIMAL) && other.logical.equals(DECIMAL);
        boolean contradiction = !logical.isEmpty()
                && !other.logical.isEmpty()
                && (!logical.equals(other.logical) || decimals && scale != other.scale);
        boolean inOtherBytes = base != other.base && (logical.equals(DECIMAL) || other.logical.equals(DECIMAL));
        if (contradiction || inOtherBytes) {
            return Optional.empty();
        }
        return commonType.map(type -> new MergedScalar(
                type,
                logical.isEmpty() ? other.logical : logical,
                bare || other.bare || base != other.base,
                Math.max(precision, other.precision),
                Math.max(scale, other.scale)));
    }

    /** Long and double have no common type: a double rounds from 2^53 on. */
    private static Optional<Type> commonType(Type one, Type other) {
        if (one == other) {
            return Optional.of(one);
        }
        Set<Type> both = Set.of(one, other);
        if (INTEGERS.containsAll(both)) {
            return Optional.of(Type.LONG);
        }
        if (EXACT_IN_DOUBLE.containsAll(both)) {
            return Optional.of(Type.DOUBLE);
        }
        // Text is valid bytes, but not the other way round.
        return BYTES.containsAll(both) ? Optional.of(Type.BYTES) : Optional.empty();
    }

    /** The type as JSON of an Avro schema. */
    ObjectNode json() {
        return annotate(JsonNodeFactory.instance.objectNode().put("type", base.getName()));
    }

    /** Adds the logical type to a type. */
    ObjectNode annotate(ObjectNode type) {
        if (!logical.isEmpty()) {
            type.put(bare ? MEANING : "logicalType", logical);
        }
        if (logical.equals(DECIMAL)) {
            type.put("precision", precision).put("scale", scale);
        }
        return type;
    }
}
