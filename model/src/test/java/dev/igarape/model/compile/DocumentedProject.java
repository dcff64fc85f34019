package dev.igarape.model.compile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The project around tables that a page shows: what they read comes from blocks before on that page, or is a landing of a
 * topic, and queries that the page does not show select the declared columns.
 */
final class DocumentedProject {
    private static final Pattern NAME = Pattern.compile("\\b(?:raw|trusted|gold)\\.\\w+");

    /** YAML by name. */
    private final Map<String, String> tables;

    private final Map<String, String> documented;
    /** SQL by the name of its file. */
    private final Map<String, String> queries = new LinkedHashMap<>();

    /**
     * @param shown the tables, YAML by name
     * @param before tables that the page has shown before
     * @param documented queries of the page, by the name of their file
     */
    DocumentedProject(Map<String, String> shown, Map<String, String> before, Map<String, String> documented) {
        this.tables = new LinkedHashMap<>(shown);
        this.documented = documented;
        List<String> names = new ArrayList<>(shown.keySet());
        for (int i = 0; i < names.size(); i++) {
            String previous = i > 0 && i < shown.size() ? names.get(i - 1) : landing(names.get(i));
            for (String read : reads(names.get(i), previous)) {
                if (!tables.containsKey(read)) {
                    tables.put(read, before.getOrDefault(read, topic(read)));
                    names.add(read);
                }
            }
        }
    }

    /**
     * Writes it.
     *
     * @param head of {@code pipeline.yaml}, up to its tables
     */
    TestProject in(TestProject project, String pipeline, String head) {
        String folder = "pipelines/" + pipeline + "/";
        String yaml = tables.values().stream().map(table -> table.indent(2)).collect(Collectors.joining());
        queries.forEach((file, sql) -> project.with(folder + file, sql));
        return project.with(folder + "pipeline.yaml", head + yaml);
    }

    private static String landing(String table) {
        return "raw." + table.substring(table.indexOf('.') + 1);
    }

    private static String topic(String table) {
        return table + ":\n  landing: {kafka: {topics: [" + table.substring(table.indexOf('.') + 1)
                + "], tombstones: drop}}\n";
    }

    /** What a table reads; its query is kept. */
    private List<String> reads(String table, String previous) {
        Map<String, Object> body = map(map(load(tables.get(table))).get(table));
        String start =
                Objects.toString(map(map(body.get("landing")).get("kafka")).get("start"), "");
        Map<String, Object> kind = Stream.of("daily", "current", "history", "view")
                .filter(body::containsKey)
                .findFirst()
                .map(key -> map(body.get(key)))
                .orElse(Map.of());
        if (kind.get("from") instanceof String changes) {
            return List.of(changes);
        }
        if (!(kind.get("sql") instanceof String file)) {
            return NAME.matcher(start).results().map(MatchResult::group).toList();
        }
        List<String> reads = Optional.ofNullable(documented.get(file))
                .map(sql -> NAME.matcher(sql).results().map(MatchResult::group).toList())
                .orElseGet(() -> inputs(table, kind, previous));
        String columns = body.get("columns") == null
                ? "*"
                : String.join(", ", map(body.get("columns")).keySet());
        queries.put(file, documented.getOrDefault(file, "SELECT " + columns + " FROM " + String.join(" JOIN ", reads)));
        return reads;
    }

    private static List<String> inputs(String table, Map<String, Object> kind, String previous) {
        if (kind.get("from") instanceof List<?> read) {
            return read.stream().map(Object::toString).toList();
        }
        Map<String, Object> declared = map(kind.get("inputs"));
        List<String> inputs = new ArrayList<>();
        // What has no dates needs something with dates beside it.
        if (declared.values().stream().allMatch(input -> map(input).containsKey("refresh"))) {
            inputs.add(table.startsWith("gold.") && declared.isEmpty() ? previous : landing(table));
        }
        inputs.addAll(declared.keySet());
        return inputs;
    }

    static Object load(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }
}
