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
 * One reader schema for values of several writer schemas, so that every value ever landed stays readable.
 *
 * <ul>
 *   <li>Named types: one definition each, which reads all definitions of that name and all that stand in its places.
 *   <li>Fields: see {@link MergedColumns}. One that some writer lacks and that has no default becomes nullable with
 *       default null. One that is null in all writers is left out, and a record without fields gets one, for neither has
 *       a type in Hive.
 *   <li>Numbers, texts and bytes: see {@link MergedScalar}. Where only branches differ, a union of all.
 *   <li>Enums: the symbols of all.
 * </ul>
 *
 * Where no type reads all, the schemas can't be one table's.
 *
 * @see <a href="https://avro.apache.org/docs/1.11.4/specification/#schema-resolution">Avro: schema resolution</a>
 */
final class MergedSchema {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** The field of a record that has none. */
    private static final String NO_FIELDS = "no_fields";

    /** By the full name that readers see: the writers' definitions that they read as this type, the newest first. */
    private final Map<String, List<Written>> definitions = new LinkedHashMap<>();
    /** Names whose definition stands in the schema that is being made; a further mention is the name. */
    private final Set<String> defined = new HashSet<>();
    /** Fields whose default does not fit their merged type. */
    private final Set<String> defaultless = new HashSet<>();

    private final Map<Schema, JsonNode> texts = new IdentityHashMap<>();
    private boolean grown;

    private MergedSchema() {}

    /**
     * A type as a writer has it.
     *
     * @param writer the writer's number, from 0 for the newest
     */
    record Written(int writer, Schema schema) {}

    /** What readers see of one branch of a union (or of all of a type that is none), and what they read as it. */
    private record Branch(JsonNode json, List<Written> members) {}

    /**
     * The reader of all.
     *
     * @param writers the newest first; at least one
     * @throws LakeException (DEFINITION) that names the field and the types between which there is no reader
     */
    static Schema of(List<Schema> writers) {
        MergedSchema merging = new MergedSchema();
        Schema merged = merging.merge(writers);
        while (merging.foundUnusableDefaults(merged)) {
            merged = merging.merge(writers);
        }
        for (Schema writer : writers) {
            Optional<String> fault = WholeReading.fault(writer, merged);
            if (fault.isPresent()) {
                throw refusal("a value is " + writer + " in one, which a reader of all can't read whole: "
                        + fault.get().replaceAll("\\s+", " "));
            }
        }
        return merged;
    }

    /** Makes the schema again and again until no place adds a definition to a name: then all mentions agree. */
    private Schema merge(List<Schema> writers) {
        List<Written> values = new ArrayList<>();
        for (Schema writer : writers) {
            values.add(new Written(values.size(), writer));
        }
        JsonNode json;
        do {
            grown = false;
            defined.clear();
            json = type(values, "the value");
        } while (grown);
        return new Schema.Parser().setValidateDefaults(false).parse(json.toString());
    }

    private JsonNode type(List<Written> place, String path) {
        return union(branches(place, path), isNullable(place), nullFirst(place));
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

    private static boolean isNullable(List<Written> place) {
        return place.stream().anyMatch(written -> nullAt(written) >= 0);
    }

    /** Whether null comes first where the newest writer of a null has it. */
    private static boolean nullFirst(List<Written> place) {
        return place.stream()
                .map(MergedSchema::nullAt)
                .filter(at -> at >= 0)
                .findFirst()
                .filter(at -> at == 0)
                .isPresent();
    }

    private static int nullAt(Written written) {
        return types(written.schema()).stream().map(Schema::getType).toList().indexOf(Type.NULL);
    }

    private static List<Schema> types(Schema schema) {
        return schema.getType() == Type.UNION ? schema.getTypes() : List.of(schema);
    }

    /** What readers see at a place, without null. */
    private List<Branch> branches(List<Written> place, String path) {
        List<Written> values = new ArrayList<>();
        boolean several = false;
        for (Written written : place) {
            int before = values.size();
            types(written.schema()).stream()
                    .filter(type -> type.getType() != Type.NULL)
                    .forEach(type -> values.add(new Written(written.writer(), type)));
            several |= values.size() > before + 1;
        }
        List<Branch> branches = new ArrayList<>();
        for (List<Written> group :
                several ? groups(values) : values.isEmpty() ? List.<List<Written>>of() : List.of(values)) {
            branches.add(new Branch(value(group, path), group));
        }
        return branches;
    }

    /** Which branches of unions are read as one: those of one type, and those that one type holds exactly. */
    private static List<List<Written>> groups(List<Written> values) {
        List<List<Written>> groups = new ArrayList<>();
        for (Written value : values) {
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
        groups.forEach(group -> group.sort(Comparator.comparingInt(Written::writer)));
        return groups;
    }

    private static boolean isSameBranch(Schema one, Schema other) {
        return one.getType() == other.getType()
                && (!isNamed(one) || one.getFullName().equals(other.getFullName()));
    }

    /** Whether two groups have grown to one type, of which a union has one branch only. */
    private static boolean haveOneType(List<Written> one, List<Written> other) {
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

    private static Optional<MergedScalar> scalar(List<Written> group, List<Written> more) {
        List<Schema> schemas = new ArrayList<>();
        group.forEach(written -> schemas.add(written.schema()));
        more.forEach(written -> schemas.add(written.schema()));
        return MergedScalar.all(schemas);
    }

    private JsonNode value(List<Written> group, String path) {
        Schema newest = group.get(0).schema();
        for (Written other : group) {
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
                List<Written> items = group.stream()
                        .map(written ->
                                new Written(written.writer(), written.schema().getElementType()))
                        .toList();
                yield JSON.objectNode().put("type", "array").set("items", type(items, path + "[]"));
            }
            case MAP -> {
                List<Written> values = group.stream()
                        .map(written ->
                                new Written(written.writer(), written.schema().getValueType()))
                        .toList();
                yield JSON.objectNode().put("type", "map").set("values", type(values, path + "{}"));
            }
            default ->
                scalar(group, List.of())
                        .orElseThrow(() -> conflict(
                                path, newest, group.get(group.size() - 1).schema()))
                        .json();
        };
    }

    /** The definition where the name comes first, then the name. */
    private JsonNode named(List<Written> group, String path) {
        Schema newest = group.get(0).schema();
        String name = newest.getFullName();
        List<Written> known = definitions.computeIfAbsent(name, key -> new ArrayList<>());
        for (Written written : group) {
            if (known.stream().noneMatch(other -> other.schema() == written.schema())) {
                known.add(written);
                grown = true;
            }
        }
        known.sort(Comparator.comparingInt(Written::writer));
        for (Written other : known) {
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

    /** Other names that writers have for a type, unless readers know another type by one. */
    private Set<String> aliases(String name, List<Written> known) {
        Set<String> aliases = new LinkedHashSet<>();
        for (Written written : known) {
            aliases.add(written.schema().getFullName());
            aliases.addAll(written.schema().getAliases());
        }
        aliases.removeAll(definitions.keySet());
        aliases.remove(name);
        return aliases;
    }

    private static void symbols(ObjectNode json, List<Written> known) {
        Set<String> symbols = new LinkedHashSet<>();
        known.forEach(written -> symbols.addAll(written.schema().getEnumSymbols()));
        symbols.forEach(symbol -> json.withArray("symbols").add(symbol));
        Optional.ofNullable(known.get(0).schema().getEnumDefault()).ifPresent(symbol -> json.put("default", symbol));
    }

    private ArrayNode fields(String record, List<Written> known, String path) {
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
        List<Written> place = sources.stream()
                .map(source ->
                        new Written(source.definition().writer(), source.field().schema()))
                .toList();
        List<Branch> branches = branches(place, path);
        if (branches.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode json = JSON.objectNode().put("name", column.name());
        Optional.ofNullable(sources.get(0).field().doc()).ifPresent(doc -> json.put("doc", doc));
        Optional<MergedColumns.Source> withDefault = sources.stream()
                .filter(source -> source.field().hasDefaultValue())
                .findFirst();
        // What some writer before lacked stays optional.
        boolean optional = withDefault.isPresent() || sources.size() < definitions;
        Optional<JsonNode> value = withDefault
                .filter(source -> !defaultless.contains(record + "." + column.name()))
                .map(this::defaultOf)
                .filter(node -> !node.isNull());
        if (value.isPresent()) {
            json.set("type", union(startingWith(withDefault.get(), branches), isNullable(place), false));
            json.set("default", value.get());
        } else {
            json.set("type", union(branches, optional || isNullable(place), optional || nullFirst(place)));
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

    /** The branches with the one first whose value a field's default is: that of the field's first type. */
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
