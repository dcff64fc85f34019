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
 * The type of numbers, texts or bytes that holds what several types hold, value for value.
 *
 * <p>Avro reads a value with the reader's logical type and forgets the writer's. So one logical type reads another only
 * where both say the same of the same bytes: decimals of one scale. Where a writer has none, none is kept, since its
 * values may mean anything; what the others meant is remembered ({@link #MEANING}), so that a third meaning is not mixed
 * in later.
 *
 * @param base {@code FIXED} for decimals in fixed bytes, whose size stands elsewhere
 * @param logical name of the logical type; empty text: none was ever given
 * @param bare whether a writer lacks it, so that readers don't see it
 * @param precision of decimals
 * @param scale of decimals
 */
record MergedScalar(Type base, String logical, boolean bare, int precision, int scale) {
    private static final String MEANING = "igarape.meaning";
    private static final String DECIMAL = "decimal";
    private static final Set<String> NANOS = Set.of("timestamp-nanos", "local-timestamp-nanos");
    private static final Set<Type> WHOLE = Set.of(Type.INT, Type.LONG);
    private static final Set<Type> EXACT_IN_DOUBLE = Set.of(Type.INT, Type.FLOAT, Type.DOUBLE);
    private static final Set<Type> BYTES = Set.of(Type.STRING, Type.BYTES);

    /** What one schema says; logical types that say nothing to readers (uuid) or are invalid count as none. */
    static MergedScalar of(Schema schema) {
        String meant = Optional.ofNullable(schema.getProp(MEANING)).orElse("");
        String named = Optional.ofNullable(schema.getProp("logicalType")).orElse("");
        boolean nanos = schema.getType() == Type.LONG && NANOS.contains(named);
        boolean known = schema.getLogicalType() != null && !named.equals("uuid");
        String logical = known || nanos ? named : meant;
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

    /** The one that holds the values of all; empty where there is none. */
    static Optional<MergedScalar> all(List<Schema> schemas) {
        Optional<MergedScalar> merged = Optional.of(of(schemas.get(0)));
        for (Schema schema : schemas) {
            merged = merged.flatMap(scalar -> scalar.with(of(schema)));
        }
        return merged;
    }

    private Optional<MergedScalar> with(MergedScalar other) {
        Optional<Type> wider = wider(base, other.base);
        boolean decimals = logical.equals(DECIMAL) && other.logical.equals(DECIMAL);
        boolean contradiction = !logical.isEmpty()
                && !other.logical.isEmpty()
                && (!logical.equals(other.logical) || decimals && scale != other.scale);
        boolean inOtherBytes = base != other.base && (logical.equals(DECIMAL) || other.logical.equals(DECIMAL));
        if (contradiction || inOtherBytes) {
            return Optional.empty();
        }
        return wider.map(type -> new MergedScalar(
                type,
                logical.isEmpty() ? other.logical : logical,
                bare || other.bare || base != other.base,
                Math.max(precision, other.precision),
                Math.max(scale, other.scale)));
    }

    /** Long and double are no pair: a double rounds from 2^53 on. */
    private static Optional<Type> wider(Type one, Type other) {
        if (one == other) {
            return Optional.of(one);
        }
        Set<Type> both = Set.of(one, other);
        if (WHOLE.containsAll(both)) {
            return Optional.of(Type.LONG);
        }
        if (EXACT_IN_DOUBLE.containsAll(both)) {
            return Optional.of(Type.DOUBLE);
        }
        // Text is bytes; bytes need not be text.
        return BYTES.containsAll(both) ? Optional.of(Type.BYTES) : Optional.empty();
    }

    /** The type in an Avro schema. */
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
