package dev.igarape.cli.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which objects a request is for.
 *
 * @param labels that they must have; other terms of a selector than equality are taken as met
 * @param names in the field {@code metadata.name}; empty: any
 * @param isWatch whether it is for what becomes of them
 */
record PodSelector(Map<String, String> labels, Map<String, String> names, boolean isWatch) {
    /** That of a request's query, which may be null: all. */
    static PodSelector of(String query) {
        Map<String, String> parameters = Stream.of(query == null ? "" : query)
                .flatMap(text -> Arrays.stream(text.split("&")))
                .map(parameter -> parameter.split("=", 2))
                .filter(parameter -> parameter.length == 2)
                .collect(Collectors.toMap(
                        parameter -> parameter[0],
                        parameter -> URLDecoder.decode(parameter[1], StandardCharsets.UTF_8),
                        (first, second) -> second));
        return new PodSelector(
                equalities(parameters.getOrDefault("labelSelector", "")),
                equalities(parameters.getOrDefault("fieldSelector", "")),
                Boolean.parseBoolean(parameters.get("watch")));
    }

    private static Map<String, String> equalities(String selector) {
        return Arrays.stream(selector.split(","))
                .filter(term -> term.matches("[^!=\\s]+==?[^=\\s]*"))
                .map(term -> term.split("==?", 2))
                .collect(Collectors.toMap(term -> term[0], term -> term[1], (first, second) -> second));
    }

    boolean matches(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return labels.entrySet().stream()
                        .allMatch(label -> metadata.path("labels")
                                .path(label.getKey())
                                .asText()
                                .equals(label.getValue()))
                && metadata.path("name")
                        .asText()
                        .equals(names.getOrDefault(
                                "metadata.name", metadata.path("name").asText()));
    }
}
