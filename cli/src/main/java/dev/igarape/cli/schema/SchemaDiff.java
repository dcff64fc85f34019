package dev.igarape.cli.schema;

import dev.igarape.cli.schema.SchemaChange.ChangeType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** The difference between two Avro schemas, field by field. Documentation does not count. */
public final class SchemaDiff {
    private final List<SchemaChange> changes = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();

    private SchemaDiff() {}

    /** The changes, in the order of the newer schema's fields, what was dropped last; none where values are alike. */
    public static List<SchemaChange> of(Schema newer, Schema older) {
        SchemaDiff diff = new SchemaDiff();
        diff.compare("", newer, older);
        return List.copyOf(diff.changes);
    }

    private void compare(String path, Schema newer, Schema older) {
        Schema now = newer;
        Schema then = older;
        if (newer.isNullable() != older.isNullable()
                && present(newer).isPresent()
                && present(older).isPresent()) {
            boolean wider = newer.isNullable();
            add(
                    wider ? ChangeType.WIDENED : ChangeType.CHANGED,
                    path,
                    wider ? "required" : "nullable",
                    wider ? "nullable" : "required");
        }
        if (present(newer).isPresent() && present(older).isPresent()) {
            now = present(newer).get();
            then = present(older).get();
        }
        if (now.getType() == Type.RECORD && then.getType() == Type.RECORD) {
            if (seen.add(now.getFullName())) {
                records(path, now, then);
            }
        } else if (now.getType() == Type.ARRAY && then.getType() == Type.ARRAY) {
            compare(path + "[]", now.getElementType(), then.getElementType());
        } else if (now.getType() == Type.MAP && then.getType() == Type.MAP) {
            compare(path + "{}", now.getValueType(), then.getValueType());
        } else if (now.getType() == Type.ENUM && then.getType() == Type.ENUM) {
            symbols(path, now, then);
        } else if (!text(now).equals(text(then))) {
            boolean reads = Objects.equals(now.getLogicalType(), then.getLogicalType())
                    && SchemaCompatibility.checkReaderWriterCompatibility(now, then)
                                    .getType()
                            == SchemaCompatibilityType.COMPATIBLE;
            add(reads ? ChangeType.WIDENED : ChangeType.CHANGED, path, text(then), text(now));
        }
    }

    private void records(String path, Schema newer, Schema older) {
        Set<String> matched = new HashSet<>();
        for (Schema.Field field : newer.getFields()) {
            String name = path.isEmpty() ? field.name() : path + "." + field.name();
            Optional<Schema.Field> old = old(field, older);
            if (old.isEmpty()) {
                add(ChangeType.ADDED, name, "", described(field));
                continue;
            }
            matched.add(old.get().name());
            if (!old.get().name().equals(field.name())) {
                add(ChangeType.RENAMED, name, old.get().name(), field.name());
            }
            compare(name, field.schema(), old.get().schema());
            if (!defaultOf(field).equals(defaultOf(old.get()))) {
                add(ChangeType.DEFAULT, name, defaultOf(old.get()), defaultOf(field));
            }
        }
        for (Schema.Field field : older.getFields()) {
            if (!matched.contains(field.name())) {
                add(
                        ChangeType.DROPPED,
                        path.isEmpty() ? field.name() : path + "." + field.name(),
                        described(field),
                        "");
            }
        }
    }

    /** The older record's field of the same name or, failing that, of one of the aliases. */
    private static Optional<Schema.Field> old(Schema.Field field, Schema older) {
        if (older.getField(field.name()) != null) {
            return Optional.of(older.getField(field.name()));
        }
        return field.aliases().stream()
                .map(older::getField)
                .filter(Objects::nonNull)
                .findFirst();
    }

    private void symbols(String path, Schema newer, Schema older) {
        for (String symbol : newer.getEnumSymbols()) {
            if (!older.hasEnumSymbol(symbol)) {
                add(ChangeType.ADDED, path, "", "symbol " + symbol);
            }
        }
        for (String symbol : older.getEnumSymbols()) {
            if (!newer.hasEnumSymbol(symbol)) {
                add(ChangeType.DROPPED, path, "symbol " + symbol, "");
            }
        }
    }

    private void add(ChangeType type, String path, String before, String after) {
        changes.add(new SchemaChange(type, path.isEmpty() ? "value" : path, before, after));
    }

    /** The type of what is there: the schema itself, or the one branch of its union beside null. */
    private static Optional<Schema> present(Schema schema) {
        if (schema.getType() != Type.UNION) {
            return Optional.of(schema);
        }
        List<Schema> branches = schema.getTypes().stream()
                .filter(branch -> branch.getType() != Type.NULL)
                .toList();
        return branches.size() == 1 ? Optional.of(branches.get(0)) : Optional.empty();
    }

    private static String described(Schema.Field field) {
        return text(field.schema()) + (field.hasDefaultValue() ? ", default " + defaultOf(field) : "");
    }

    private static String defaultOf(Schema.Field field) {
        if (!field.hasDefaultValue()) {
            return "none";
        }
        Object value = field.defaultVal();
        return value == JsonProperties.NULL_VALUE
                ? "null"
                : value instanceof String text ? '"' + text + '"' : String.valueOf(value);
    }

    /** A type for people. */
    private static String text(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            return "decimal(" + decimal.getPrecision() + ", " + decimal.getScale() + ")";
        }
        if (schema.getLogicalType() != null) {
            return schema.getLogicalType().getName();
        }
        return switch (schema.getType()) {
            case UNION -> schema.getTypes().stream().map(SchemaDiff::text).collect(Collectors.joining(" or "));
            case ARRAY -> "array of " + text(schema.getElementType());
            case MAP -> "map of " + text(schema.getValueType());
            case RECORD, ENUM -> schema.getType().getName() + " " + schema.getName();
            case FIXED -> "fixed of " + schema.getFixedSize() + " bytes";
            default -> schema.getType().getName();
        };
    }
}
