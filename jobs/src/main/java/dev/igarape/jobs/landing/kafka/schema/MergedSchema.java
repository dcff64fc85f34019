package dev.igarape.jobs.landing.kafka.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;

/**
 * One reader schema for values of several writer schemas, so that all landed values stay readable.
 *
 * <ul>
 *   <li>Named types have one definition each, which reads all definitions of that name and all types in its positions.
 *   <li>Fields are matched by {@link MergedColumns}. A field that some writer lacks and that has no default becomes
 *       nullable with default null. Fields that are null in all writers are left out, and a record without fields gets
 *       one, because Hive has no type for either.
 *   <li>Numbers, texts and bytes are merged by {@link MergedScalar}. If only branches differ, the result is their union.
 *   <li>Enums get the symbols of all writers.
 * </ul>
 *
 * Schemas for which no common type exists can't be read as one table.
 *
 * @see <a href="https://avro.apache.org/docs/1.11.4/specification/#schema-resolution">Avro: schema resolution</a>
 */
public final class MergedSchema {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** The field that is added to a record without fields. */
    private static final String NO_FIELDS = "no_fields";

    /** Writer types by the full name of the reader's type that reads them, newest first. */
    private final Map<String, List<WriterType>> definitions = new LinkedHashMap<>();
    /** Names that are already defined in the schema being built; further references use the name only. */
    private final Set<String> defined = new HashSet<>();
    /** Fields whose default does not fit their merged type. */
    private final Set<String> defaultless = new HashSet<>();

    private final Map<Schema, JsonNode> texts = new IdentityHashMap<>();
    private boolean definitionsGrew;

    private MergedSchema() {}

    /**
     * A type in one of the writer schemas.
     *
     * @param writer number of the writer schema, 0 for the newest
     */
    record WriterType(int writer, Schema schema) {}

    /** A branch of the reader's union (or its only type) and the writer types that it reads. */
    private record Branch(JsonNode json, List<WriterType> members) {}

    /**
     * Merges the writer schemas.
     *
     * @param writers newest first; at least one
     * @throws LakeException (DEFINITION) that names the field and the types that can't be merged
     */
    public static Schema of(List<Schema> writers) {
        MergedSchema merging = new MergedSchema();
        Schema merged = merging.merge(writers);
        while (merging.foundUnusableDefaults(merged)) {
            merged = merging.merge(writers);
        }
        for (Schema writer : writers) {
            Optional<String> unread = ReaderCoverage.unread(writer, merged);
            if (unread.isPresent()) {
                throw refusal("a value is " + writer + " in one, which a reader of all can't read whole: "
                        + unread.get().replaceAll("\\s+", " "));
            }
        }
        return merged;
    }

    /** Builds the schema repeatedly until no named type gains a definition, so that all references agree. */
    private Schema merge(List<Schema> writers) {
        List<WriterType> types = new ArrayList<>();
        for (Schema writer : writers) {
            types.add(new WriterType(types.size(), writer));
        }
        JsonNode json;
        do {
            definitionsGrew = false;
            defined.clear();
            json = type(types, "the value");
        } while (definitionsGrew);
        return new Schema.Parser().setValidateDefaults(false).parse(json.toString());
    }

    private JsonNode type(List<WriterType> types, String path) {
        return union(branches(types, path), isNullable(types), nullFirst(types));
    }

    private static JsonNode union(List<Branch> branches, boolean nullable, boolean nullFirst) {
        if (branches.size() == 1 && !nullable) {
            return branches.get(0).json();
        }
        if (branches.isEmpty()) {
            return JSON.textNode("null");
        }
        ArrayNode union = JSON.arrayNode();
        branches.forEach(branch -> union.add(branch.json()));
        if (nullable) {
            union.insert(nullFirst ? 0 : union.size(), "null");
        }
        return union;
    }

    private static boolean isNullable(List<WriterType> types) {
        return types.stream().anyMatch(type -> nullAt(type) >= 0);
    }

    /** Whether null comes first in the newest writer type that is nullable. */
    private static boolean nullFirst(List<WriterType> types) {
        return types.stream()
                .map(MergedSchema::nullAt)
                .filter(at -> at >= 0)
                .findFirst()
                .filter(at -> at == 0)
                .isPresent();
    }

    private static int nullAt(WriterType type) {
        return types(type.schema()).stream().map(Schema::getType).toList().indexOf(Type.NULL);
    }

    private static List<Schema> types(Schema schema) {
        return schema.getType() == Type.UNION ? schema.getTypes() : List.of(schema);
    }

    /** The branches of the reader's type, without null. */
    private List<Branch> branches(List<WriterType> types, String path) {
        List<WriterType> members = new ArrayList<>();
        boolean several = false;
        for (WriterType type : types) {
            int before = members.size();
            types(type.schema()).stream()
                    .filter(member -> member.getType() != Type.NULL)
                    .forEach(member -> members.add(new WriterType(type.writer(), member)));
            several |= members.size() > before + 1;
        }
        List<Branch> branches = new ArrayList<>();
        for (List<WriterType> group :
                several ? groups(members) : members.isEmpty() ? List.<List<WriterType>>of() : List.of(members)) {
            branches.add(new Branch(value(group, path), group));
        }
        return branches;
    }

    /**
     * Groups branches that are read as one: branches of the same type, and those that one scalar type holds exactly.
     */
    private static List<List<WriterType>> groups(List<WriterType> types) {
        List<List<WriterType>> groups = new ArrayList<>();
        for (WriterType value : types) {
            groups.stream()
                    .filter(group -> isSameBranch(group.get(0).schema(), value.schema()))
                    .findFirst()
                    .or(() -> groups.stream()
                            .filter(group -> isScalar(group.get(0).schema())
                                    && isScalar(value.schema())
                                    && scalar(group, List.of(value)).isPresent())
                            .findFirst())
                    .orElseGet(() -> {
                        groups.add(new ArrayList<>());
                        return groups.get(groups.size() - 1);
                    })
                    .add(value);
        }
        for (int i = 0; i < groups.size(); i++) {
            for (int j = groups.size() - 1; j > i; j--) {
                if (haveOneType(groups.get(i), groups.get(j))) {
                    groups.get(i).addAll(groups.remove(j));
                }
            }
        }
        groups.forEach(group -> group.sort(Comparator.comparingInt(WriterType::writer)));
        return groups;
    }

    private static boolean isSameBranch(Schema one, Schema other) {
        return one.getType() == other.getType()
                && (!isNamed(one) || one.getFullName().equals(other.getFullName()));
    }

    /** Whether two groups have the same scalar type, of which a union may have only one branch. */
    private static boolean haveOneType(List<WriterType> one, List<WriterType> other) {
        if (!isScalar(one.get(0).schema()) || !isScalar(other.get(0).schema())) {
            return false;
        }
        Optional<Type> type = scalar(one, List.of()).map(MergedScalar::base);
        return type.isPresent() && type.equals(scalar(other, List.of()).map(MergedScalar::base));
    }

    private static boolean isNamed(Schema schema) {
        return schema.getType() == Type.RECORD || schema.getType() == Type.ENUM || schema.getType() == Type.FIXED;
    }

    private static boolean isScalar(Schema schema) {
        return !isNamed(schema) && schema.getType() != Type.ARRAY && schema.getType() != Type.MAP;
    }

    private static Optional<MergedScalar> scalar(List<WriterType> group, List<WriterType> more) {
        List<Schema> schemas = new ArrayList<>();
        group.forEach(type -> schemas.add(type.schema()));
        more.forEach(type -> schemas.add(type.schema()));
        return MergedScalar.merge(schemas);
    }

    private JsonNode value(List<WriterType> group, String path) {
        Schema newest = group.get(0).schema();
        for (WriterType other : group) {
            boolean alike = isScalar(newest)
                    ? isScalar(other.schema())
                            && scalar(List.of(group.get(0)), List.of(other)).isPresent()
                    : newest.getType() == other.schema().getType();
            if (!alike) {
                throw conflict(path, newest, other.schema());
            }
        }
        return switch (newest.getType()) {
            case RECORD, ENUM, FIXED -> named(group, path);
            case ARRAY -> {
                List<WriterType> items = group.stream()
                        .map(type -> new WriterType(type.writer(), type.schema().getElementType()))
                        .toList();
                yield JSON.objectNode().put("type", "array").set("items", type(items, path + "[]"));
            }
            case MAP -> {
                List<WriterType> types = group.stream()
                        .map(type -> new WriterType(type.writer(), type.schema().getValueType()))
                        .toList();
                yield JSON.objectNode().put("type", "map").set("values", type(types, path + "{}"));
            }
            default ->
                scalar(group, List.of())
                        .orElseThrow(() -> conflict(
                                path, newest, group.get(group.size() - 1).schema()))
                        .json();
        };
    }

    /** The definition at the first reference, afterwards only the name. */
    private JsonNode named(List<WriterType> group, String path) {
        Schema newest = group.get(0).schema();
        String name = newest.getFullName();
        List<WriterType> known = definitions.computeIfAbsent(name, key -> new ArrayList<>());
        for (WriterType type : group) {
            if (known.stream().noneMatch(other -> other.schema() == type.schema())) {
                known.add(type);
                definitionsGrew = true;
            }
        }
        known.sort(Comparator.comparingInt(WriterType::writer));
        for (WriterType other : known) {
            boolean alike = newest.getType() == other.schema().getType()
                    && (newest.getType() != Type.FIXED
                            || newest.getFixedSize() == other.schema().getFixedSize());
            if (!alike) {
                throw conflict(path, newest, other.schema());
            }
        }
        if (!defined.add(name)) {
            return JSON.textNode(name);
        }
        Schema first = known.get(0).schema();
        ObjectNode json = JSON.objectNode()
                .put("type", first.getType().getName())
                .put("name", newest.getName())
                .put("namespace", newest.getNamespace() == null ? "" : newest.getNamespace());
        Optional.ofNullable(first.getDoc()).ifPresent(doc -> json.put("doc", doc));
        aliases(name, known).forEach(alias -> json.withArray("aliases").add(alias));
        switch (first.getType()) {
            case ENUM -> symbols(json, known);
            case FIXED ->
                scalar(known, List.of())
                        .orElseThrow(() -> conflict(
                                path, first, known.get(known.size() - 1).schema()))
                        .annotate(json.put("size", first.getFixedSize()));
            default -> json.set("fields", fields(name, List.copyOf(known), path));
        }
        return json;
    }

    /** Other names of a type in the writer schemas, except names of other types. */
    private Set<String> aliases(String name, List<WriterType> known) {
        Set<String> aliases = new LinkedHashSet<>();
        for (WriterType type : known) {
            aliases.add(type.schema().getFullName());
            aliases.addAll(type.schema().getAliases());
        }
        aliases.removeAll(definitions.keySet());
        aliases.remove(name);
        return aliases;
    }

    private static void symbols(ObjectNode json, List<WriterType> known) {
        Set<String> symbols = new LinkedHashSet<>();
        known.forEach(type -> symbols.addAll(type.schema().getEnumSymbols()));
        symbols.forEach(symbol -> json.withArray("symbols").add(symbol));
        Optional.ofNullable(known.get(0).schema().getEnumDefault()).ifPresent(symbol -> json.put("default", symbol));
    }

    private ArrayNode fields(String record, List<WriterType> known, String path) {
        ArrayNode fields = JSON.arrayNode();
        for (MergedColumns.Column column : MergedColumns.of(known)) {
            field(record, known.size(), column, path + "." + column.name()).ifPresent(fields::add);
        }
        if (fields.isEmpty()) {
            fields.addObject()
                    .put("name", NO_FIELDS)
                    .put("doc", "Always null: the record has no fields.")
                    .set("type", JSON.arrayNode().add("null").add("boolean"));
            ((ObjectNode) fields.get(0)).putNull("default");
        }
        return fields;
    }

    private Optional<JsonNode> field(String record, int definitions, MergedColumns.Column column, String path) {
        List<MergedColumns.Source> sources = column.sources();
        List<WriterType> types = sources.stream()
                .map(source -> new WriterType(
                        source.definition().writer(), source.field().schema()))
                .toList();
        List<Branch> branches = branches(types, path);
        if (branches.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = JSON.objectNode().put("name", column.name());
        Optional.ofNullable(sources.get(0).field().doc()).ifPresent(doc -> json.put("doc", doc));
        Optional<MergedColumns.Source> withDefault = sources.stream()
                .filter(source -> source.field().hasDefaultValue())
                .findFirst();
        // A field that older writers lack stays optional.
        boolean optional = withDefault.isPresent() || sources.size() < definitions;
        Optional<JsonNode> value = withDefault
                .filter(source -> !defaultless.contains(record + "." + column.name()))
                .map(this::defaultOf)
                .filter(node -> !node.isNull());
        if (value.isPresent()) {
            json.set("type", union(startingWith(withDefault.get(), branches), isNullable(types), false));
            json.set("default", value.get());
        } else {
            json.set("type", union(branches, optional || isNullable(types), optional || nullFirst(types)));
            if (optional) {
                json.putNull("default");
            }
        }
        column.aliases().forEach(alias -> json.withArray("aliases").add(alias));
        return Optional.of(json);
    }

    private JsonNode defaultOf(MergedColumns.Source source) {
        JsonNode text = texts.computeIfAbsent(source.definition().schema(), schema -> tree(schema.toString()));
        for (JsonNode field : text.path("fields")) {
            if (field.path("name").asText().equals(source.field().name())) {
                return field.path("default");
            }
        }
        throw new IllegalStateException("a schema's text lacks its field " + source.field());
    }

    /**
     * Orders the branches so that the first one is the type of the field's default: the first type in its writer's
     * union.
     */
    private static List<Branch> startingWith(MergedColumns.Source source, List<Branch> branches) {
        Schema first = types(source.field().schema()).get(0);
        List<Branch> ordered = new ArrayList<>(branches);
        ordered.sort(Comparator.comparing(
                branch -> branch.members().stream().noneMatch(member -> member.schema() == first)));
        return ordered;
    }

    private static JsonNode tree(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro writes schemas as JSON", e);
        }
    }

    private boolean foundUnusableDefaults(Schema merged) {
        int before = defaultless.size();
        defaultless.addAll(UnusableDefaults.of(merged));
        return defaultless.size() > before;
    }

    private static LakeException conflict(String path, Schema one, Schema other) {
        return refusal(path + " is " + one + " in one and " + other + " in another, and no type holds both exactly");
    }

    static LakeException refusal(String why) {
        return new LakeException(ExitCode.DEFINITION, "Two schemas can't be read as one table: " + why + ".");
    }
}
