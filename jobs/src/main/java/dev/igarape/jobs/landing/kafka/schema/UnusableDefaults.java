package dev.igarape.jobs.landing.kafka.schema;

import java.util.HashSet;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Finds fields whose defaults Avro's readers can't use. */
final class UnusableDefaults {
    private final Set<String> seen = new HashSet<>();
    private final Set<String> found = new HashSet<>();

    private UnusableDefaults() {}

    /** Fields as {@code <full name of the record>.<field>}. */
    static Set<String> of(Schema schema) {
        UnusableDefaults defaults = new UnusableDefaults();
        defaults.walk(schema);
        return defaults.found;
    }

    private void walk(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields().forEach(field -> field(schema, field));
                }
            }
            case ARRAY -> walk(schema.getElementType());
            case MAP -> walk(schema.getValueType());
            case UNION -> schema.getTypes().forEach(this::walk);
            default -> {}
        }
    }

    private void field(Schema record, Schema.Field field) {
        walk(field.schema());
        if (field.hasDefaultValue() && !isUsable(field)) {
            found.add(record.getFullName() + "." + field.name());
        }
    }

    private static boolean isUsable(Schema.Field field) {
        try {
            // First whether the parser accepts the default, then whether a reader can build the value.
            Schema.Field parsed = new Schema.Field(field.name(), field.schema(), null, field.defaultVal());
            GenericData.get().getDefaultValue(parsed);
            return true;
        } catch (AvroRuntimeException | ClassCastException e) {
            return false;
        }
    }
}
