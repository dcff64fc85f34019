package dev.igarape.jobs.landing.kafka.schema;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * What values read by a schema depend on: its fields with their types, defaults and aliases, and the names that it reads; but not the
 * order of these, nor which of a type's names is the first one, nor documentation.
 */
final class SchemaContent {
    /** Full names of the records around, which a recursive type names again. */
    private final Set<String> around = new HashSet<>();

    private SchemaContent() {}

    /** Whether two schemas say the same. */
    static boolean isSame(Schema one, Schema other) {
        return new SchemaContent().of(one).equals(new SchemaContent().of(other));
    }

    private Object of(Schema schema) {
        return List.of(schema.getType(), new TreeMap<>(schema.getObjectProps()).toString(), details(schema));
    }

    private Object details(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ENUM ->
                List.of(names(schema), new TreeSet<>(schema.getEnumSymbols()), String.valueOf(schema.getEnumDefault()));
            case FIXED -> List.of(names(schema), schema.getFixedSize());
            case ARRAY -> of(schema.getElementType());
            case MAP -> of(schema.getValueType());
            case UNION -> schema.getTypes().stream().map(this::of).collect(Collectors.toSet());
            default -> "";
        };
    }

    private Object record(Schema schema) {
        if (!around.add(schema.getFullName())) {
            return names(schema);
        }
        Map<String, Object> fields = new TreeMap<>();
        for (Schema.Field field : schema.getFields()) {
            // Arrays of bytes are compared by their content.
            String value = field.hasDefaultValue() ? Arrays.deepToString(new Object[] {field.defaultVal()}) : "none";
            fields.put(field.name(), List.of(of(field.schema()), new TreeSet<>(field.aliases()), value));
        }
        around.remove(schema.getFullName());
        return List.of(names(schema), fields);
    }

    private static Collection<String> names(Schema schema) {
        Set<String> names = new TreeSet<>(schema.getAliases());
        names.add(schema.getFullName());
        return names;
    }
}
