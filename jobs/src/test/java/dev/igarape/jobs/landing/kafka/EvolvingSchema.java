package dev.igarape.jobs.landing.kafka;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;

/** A seeded history of a topic's schema: its types mention each other and change from version to version. */
public final class EvolvingSchema {
    private static final List<String> RECORDS = List.of("t.Order", "t.Address", "t.Country", "u.Item");
    private static final List<String> TYPES = List.of(
            "'int'",
            "'int'",
            "'long'",
            "'string'",
            "'t.State'",
            "'t.Hash'",
            "['null', 'int']",
            "['null', 't.Hash']",
            "['null', 't.Order']",
            "['null', 't.Address']",
            "['null', 'u.Item']",
            "{'type': 'array', 'items': ['null', 't.Address']}",
            "{'type': 'map', 'values': ['null', 't.Country']}",
            "['t.Country', 'null', 't.State', 'u.Item', 'string']");

    private final Random random;
    /** By record, its fields by name. */
    private final Map<String, Map<String, ObjectNode>> records = new LinkedHashMap<>();

    private final List<String> symbols = new ArrayList<>(List.of("A", "B"));
    private final Set<String> twins = new HashSet<>();
    private int names;

    public EvolvingSchema(long seed) {
        random = new Random(seed);
        for (String record : RECORDS) {
            records.put(record, new LinkedHashMap<>());
            for (int i = random.nextInt(3); i >= 0; i--) {
                add(record);
            }
        }
    }

    public Schema version() {
        return new Schema.Parser()
                .parse(whole(JsonNodeFactory.instance.textNode("t.Order"), new HashSet<>())
                        .toString());
    }

    public void evolve() {
        for (int i = random.nextInt(4); i >= 0; i--) {
            String record = RECORDS.get(random.nextInt(RECORDS.size()));
            List<String> fields = new ArrayList<>(records.get(record).keySet());
            String some = fields.isEmpty() ? "" : fields.get(random.nextInt(fields.size()));
            switch (random.nextInt(7)) {
                case 0, 1 -> add(record);
                case 2 -> records.get(record).remove(some);
                case 3 -> symbols.add("S" + names++);
                case 4 -> widen(records.get(record).get(some));
                case 5 -> rename(record, some, some + "_n");
                default -> {
                    if (!twins.contains(some.toUpperCase(Locale.ROOT))) {
                        rename(record, some, some.toUpperCase(Locale.ROOT));
                    }
                }
            }
        }
    }

    private void add(String record) {
        String name = "f" + names++;
        JsonNode type = json(TYPES.get(random.nextInt(TYPES.size())));
        records.get(record).put(name, JsonNodeFactory.instance.objectNode().set("type", type));
        if (random.nextInt(8) == 0) {
            // Beside another that differs by case only.
            String twin = name.toUpperCase(Locale.ROOT);
            twins.add(twin);
            records.get(record).put(twin, JsonNodeFactory.instance.objectNode().put("type", "int"));
        }
    }

    private static void widen(JsonNode field) {
        if (field instanceof ObjectNode type && type.path("type").asText().equals("int")) {
            type.set("type", json("['long', 'null']"));
        }
    }

    private void rename(String record, String from, String to) {
        if (!records.get(record).containsKey(from) || records.get(record).containsKey(to)) {
            return;
        }
        ObjectNode field = records.get(record).remove(from);
        field.remove("aliases");
        if (!to.equalsIgnoreCase(from)) {
            field.putArray("aliases").add(from);
        }
        records.get(record).put(to, field);
    }

    /** The type with the definition of each name where it comes first. */
    private JsonNode whole(JsonNode type, Set<String> defined) {
        if (type instanceof ArrayNode union) {
            ArrayNode branches = JsonNodeFactory.instance.arrayNode();
            union.forEach(branch -> branches.add(whole(branch, defined)));
            return branches;
        }
        if (type instanceof ObjectNode container) {
            ObjectNode copy = container.deepCopy();
            List.of("items", "values").stream()
                    .filter(container::has)
                    .forEach(key -> copy.set(key, whole(container.get(key), defined)));
            return copy;
        }
        String name = type.asText();
        if (!name.contains(".") || !defined.add(name)) {
            return type;
        }
        ObjectNode definition = JsonNodeFactory.instance.objectNode().put("name", name);
        switch (name) {
            case "t.Hash" -> definition.put("type", "fixed").put("size", 3);
            case "t.State" -> {
                definition.put("type", "enum");
                symbols.forEach(symbol -> definition.withArray("symbols").add(symbol));
            }
            default -> {
                ArrayNode fields = definition.put("type", "record").putArray("fields");
                records.get(name).forEach((field, what) -> {
                    ObjectNode copy = what.deepCopy().put("name", field);
                    fields.add(copy.set("type", whole(what.get("type"), defined)));
                });
            }
        }
        return definition;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
