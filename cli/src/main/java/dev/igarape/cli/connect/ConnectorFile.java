package dev.igarape.cli.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The definition of a connector: a file {@code connect/<name>.json} of a project with the body that Kafka Connect's {@code
 * POST /connectors} takes, in which {@code ${env:NAME}} stands for values that are not to be in files.
 *
 * @param path relative to the project
 * @param config as in the file
 */
public record ConnectorFile(String path, String name, Map<String, String> config) {
    /** Properties whose value nobody may see. */
    private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|jaas\\.config|user\\.info)");

    private static final Pattern VALUE = Pattern.compile("\\$\\{env:([^}]*)}");
    private static final String FORM = "Write {\"name\": \"orders\", \"config\": {\"connector.class\": \"…\"}}.";
    private static final String DEBEZIUM = "io.debezium.";
    private static final String PARTITIONS = "topic.creation.default.partitions";
    private static final String REPLICATION = "topic.creation.default.replication.factor";

    public ConnectorFile {
        config = Map.copyOf(config);
    }

    /** Reads a file and adds what is wrong with it to a list. */
    static ConnectorFile read(Path project, Path file, List<String> faults) {
        String path = project.relativize(file).toString();
        JsonNode root;
        try {
            root = Json.mapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            faults.add(path + " is no JSON: " + e.getOriginalMessage() + ". " + FORM);
            return new ConnectorFile(path, "", Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> config = new TreeMap<>();
        root.path("config").fields().forEachRemaining(entry -> {
            if (!entry.getValue().isValueNode() || entry.getValue().isNull()) {
                faults.add("%s: the value of '%s' is neither text nor a number. Write it in quotes."
                        .formatted(path, entry.getKey()));
            }
            config.put(entry.getKey(), entry.getValue().asText());
        });
        ConnectorFile connector =
                new ConnectorFile(path, root.path("name").asText("").strip(), config);
        connector.check(faults);
        return connector;
    }

    private void check(List<String> faults) {
        if (config.isEmpty()) {
            faults.add(path + " has no config. " + FORM);
            return;
        }
        if (!path.endsWith("/" + name + ".json")) {
            faults.add("%s: the name is '%s'. Call the file connect/%s.json, or write the file's name into it."
                    .formatted(path, name, name.isEmpty() ? "NAME" : name));
        }
        if (connectorClass().isEmpty()) {
            faults.add(path + ": connector.class is missing, e.g. " + ReplicationSlot.POSTGRES + ".");
        }
        // The worker would wait for a topic that nobody makes, and say that all is well.
        if (connectorClass().startsWith(DEBEZIUM) && !config.keySet().containsAll(Set.of(PARTITIONS, REPLICATION))) {
            faults.add(
                    "%s does not say how its topics are made, and Kafka makes none by itself. Add: \"%s\": \"1\", \"%s\": \"-1\"."
                            .formatted(path, PARTITIONS, REPLICATION));
        }
        config.forEach((key, value) -> {
            if (SECRET.matcher(key).matches() && !value.contains("${")) {
                faults.add(path + ": " + key + " holds a password. Write \"${env:NAME}\" and export NAME.");
            }
        });
    }

    /** The class that Kafka Connect runs; empty where the file names none. */
    public String connectorClass() {
        return config.getOrDefault("connector.class", "");
    }

    /** The names in {@code ${env:NAME}}. */
    Set<String> variables() {
        Set<String> names = new TreeSet<>();
        config.values().forEach(text -> VALUE.matcher(text).results().forEach(found -> names.add(found.group(1))));
        return names;
    }

    /** The configuration with something else in place of each {@code ${env:NAME}}. */
    Map<String, String> with(UnaryOperator<String> values) {
        Map<String, String> replaced = new TreeMap<>();
        config.forEach((key, text) ->
                replaced.put(key, VALUE.matcher(text).replaceAll(found -> quoted(values, found))));
        return replaced;
    }

    private static String quoted(UnaryOperator<String> values, MatchResult found) {
        return Matcher.quoteReplacement(values.apply(found.group(1)));
    }
}
