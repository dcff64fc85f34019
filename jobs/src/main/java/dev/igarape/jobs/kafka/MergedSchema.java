package dev.igarape.jobs.kafka;

import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * One reader schema for values of several writer schemas, so that every value ever landed stays readable.
 *
 * <ul>
 *   <li>Fields: the newest schema's in its order, then those that only older ones have. A field that some writer lacks
 *       and that has no default becomes nullable with default null.
 *   <li>An alias of the newest schema takes the older field's values over.
 *   <li>Types: the one that reads the other (int before long: long). Where only branches differ, a union of both.
 *   <li>Enums: the symbols of all.
 * </ul>
 *
 * Where no type reads both, the schemas can't be one table's.
 *
 * @see <a href="https://avro.apache.org/docs/1.11.4/specification/#schema-resolution">Avro: schema resolution</a>
 */
final class MergedSchema {
    private final Map<String, Schema> records = new LinkedHashMap<>();

    private MergedSchema() {}

    /**
     * The reader of both.
     *
     * @throws LakeException (DEFINITION) that names the field and the types between which there is no reader
     */
    static Schema of(Schema newer, Schema older) {
        return new MergedSchema().merge(newer, older, "the value");
    }

    private Schema merge(Schema newer, Schema older, String path) {
        if (newer.getType() == Type.RECORD && older.getType() == Type.RECORD) {
            return record(newer, older, path);
        }
        if (newer.getType() == Type.ENUM && older.getType() == Type.ENUM) {
            return symbols(newer, older);
        }
        if (newer.getType() == Type.ARRAY && older.getType() == Type.ARRAY) {
            return annotated(
                    newer, Schema.createArray(merge(newer.getElementType(), older.getElementType(), path + "[]")));
        }
        if (newer.getType() == Type.MAP && older.getType() == Type.MAP) {
            return annotated(newer, Schema.createMap(merge(newer.getValueType(), older.getValueType(), path + "{}")));
        }
        if (newer.getType() == Type.UNION || older.getType() == Type.UNION) {
            return union(newer, older, path);
        }
        return scalar(newer, older, path);
    }

    private Schema record(Schema newer, Schema older, String path) {
        Schema known = records.get(newer.getFullName());
        if (known != null) {
            return known;
        }
        Schema merged = Schema.createRecord(newer.getName(), newer.getDoc(), newer.getNamespace(), newer.isError());
        records.put(newer.getFullName(), merged);
        newer.getAliases().forEach(merged::addAlias);
        List<Schema.Field> fields = new ArrayList<>();
        Set<String> matched = new LinkedHashSet<>();
        for (Schema.Field field : newer.getFields()) {
            Optional<Schema.Field> past = past(field, older);
            past.ifPresent(found -> matched.add(found.name()));
            fields.add(past.isPresent() ? both(field, past.get(), path + "." + field.name()) : optional(field));
        }
        for (Schema.Field field : older.getFields()) {
            if (!matched.contains(field.name())) {
                fields.add(optional(field));
            }
        }
        merged.setFields(fields);
        return merged;
    }

    /** The older record's field of the same name or, failing that, of one of the aliases. */
    private static Optional<Schema.Field> past(Schema.Field field, Schema older) {
        if (older.getField(field.name()) != null) {
            return Optional.of(older.getField(field.name()));
        }
        return field.aliases().stream()
                .map(older::getField)
                .filter(found -> found != null)
                .findFirst();
    }

    private Schema.Field both(Schema.Field newer, Schema.Field older, String path) {
        Schema schema = merge(newer.schema(), older.schema(), path);
        boolean defaulted = newer.hasDefaultValue() && schema.equals(newer.schema());
        Schema.Field field = defaulted
                ? new Schema.Field(newer.name(), schema, newer.doc(), newer.defaultVal())
                : new Schema.Field(newer.name(), schema, newer.doc());
        Set<String> aliases = new LinkedHashSet<>(newer.aliases());
        aliases.addAll(older.aliases());
        aliases.forEach(field::addAlias);
        // What some writer before lacked stays optional.
        return older.hasDefaultValue() && !defaulted ? optional(field) : field;
    }

    /** A field that a writer may lack. */
    private static Schema.Field optional(Schema.Field field) {
        if (field.hasDefaultValue()) {
            return new Schema.Field(field, field.schema());
        }
        Set<Schema> branches = new LinkedHashSet<>();
        branches.add(Schema.create(Type.NULL));
        branches.addAll(field.schema().getType() == Type.UNION ? field.schema().getTypes() : List.of(field.schema()));
        Schema.Field nullable = new Schema.Field(
                field.name(), Schema.createUnion(List.copyOf(branches)), field.doc(), Schema.Field.NULL_DEFAULT_VALUE);
        field.aliases().forEach(nullable::addAlias);
        return nullable;
    }

    private static Schema symbols(Schema newer, Schema older) {
        Set<String> symbols = new LinkedHashSet<>(newer.getEnumSymbols());
        symbols.addAll(older.getEnumSymbols());
        Schema merged = Schema.createEnum(
                newer.getName(), newer.getDoc(), newer.getNamespace(), List.copyOf(symbols), newer.getEnumDefault());
        newer.getAliases().forEach(merged::addAlias);
        return merged;
    }

    /** Branches of the newer one, each merged with what fits it, then those that only the older one has. */
    private Schema union(Schema newer, Schema older, String path) {
        List<Schema> branches = new ArrayList<>(types(newer));
        for (Schema past : types(older)) {
            boolean taken = false;
            for (int i = 0; i < branches.size() && !taken; i++) {
                if (fits(branches.get(i), past)) {
                    branches.set(i, merge(branches.get(i), past, path));
                    taken = true;
                }
            }
            if (!taken) {
                branches.add(past);
            }
        }
        long values = branches.stream().filter(b -> b.getType() != Type.NULL).count();
        if (values > 1 && Math.max(values(newer), values(older)) <= 1) {
            throw conflict(path, newer, older);
        }
        return branches.size() == 1 ? branches.get(0) : Schema.createUnion(branches);
    }

    private static List<Schema> types(Schema schema) {
        return schema.getType() == Type.UNION ? schema.getTypes() : List.of(schema);
    }

    private static long values(Schema schema) {
        return types(schema).stream()
                .filter(branch -> branch.getType() != Type.NULL)
                .count();
    }

    private static boolean fits(Schema newer, Schema older) {
        return newer.getType() == older.getType() || reads(newer, older) || reads(older, newer);
    }

    private static Schema scalar(Schema newer, Schema older, String path) {
        boolean sameMeaning = java.util.Objects.equals(newer.getLogicalType(), older.getLogicalType());
        if (sameMeaning && reads(newer, older)) {
            return newer;
        }
        if (sameMeaning && reads(older, newer)) {
            return older;
        }
        throw conflict(path, newer, older);
    }

    private static boolean reads(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    private static Schema annotated(Schema from, Schema to) {
        from.getObjectProps().forEach(to::addProp);
        return to;
    }

    private static LakeException conflict(String path, Schema newer, Schema older) {
        return new LakeException(
                ExitCode.DEFINITION,
                "Two schemas can't be read as one table: " + path + " is " + newer + " in one and " + older
                        + " in another, and no type reads both. Give the field another name in the newer schema, or land"
                        + " the topics into tables of their own.");
    }
}
