package dev.igarape.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The kinds of tables that a program knows, by the name that {@code pipeline.yaml} and the manifest give them.
 *
 * @param definitions the class that holds what a kind needs, by the kind's name
 */
public record Kinds(Map<String, Class<? extends Definition>> definitions) {
    /** Those of Igarapé. */
    public static final Kinds BUILT_IN = new Kinds(Map.of())
            .with("landing", LandingDefinition.class)
            .with("daily", DailyDefinition.class)
            .with("current", CurrentDefinition.class)
            .with("history", HistoryDefinition.class)
            .with("view", ViewDefinition.class);

    public Kinds {
        definitions = Map.copyOf(definitions);
    }

    /** These and one more. */
    public Kinds with(String name, Class<? extends Definition> definition) {
        Map<String, Class<? extends Definition>> more = new LinkedHashMap<>(definitions);
        more.put(name, definition);
        return new Kinds(more);
    }

    /** A mapper for manifests with tables of these kinds. */
    ObjectMapper mapper() {
        if (equals(BUILT_IN)) {
            // It knows these, and a copy would look at all classes of a manifest again.
            return Json.mapper();
        }
        ObjectMapper mapper = Json.mapper().copy();
        mapper.registerSubtypes(subtypes());
        return mapper;
    }

    NamedType[] subtypes() {
        return definitions.entrySet().stream()
                .map(kind -> new NamedType(kind.getValue(), kind.getKey()))
                .toArray(NamedType[]::new);
    }
}
