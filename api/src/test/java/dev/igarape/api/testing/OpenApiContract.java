package dev.igarape.api.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds every answer that a test sees to the service's own description. */
public final class OpenApiContract {
    private static final JsonNode DOCUMENT = load();

    private OpenApiContract() {}

    public static JsonNode document() {
        return DOCUMENT;
    }

    /** Each operation as {@code GET /path/{template}}. */
    public static List<String> operations() {
        List<String> operations = new ArrayList<>();
        DOCUMENT.get("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fieldNames().forEachRemaining(name -> {
                    if (!name.equals("parameters")) {
                        operations.add(name.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));
        return operations;
    }

    /** The query parameters of each operation, as {@code GET /path/{template}}. */
    public static Map<String, Set<String>> queries() {
        Map<String, Set<String>> queries = new HashMap<>();
        for (String operation : operations()) {
            String[] parts = operation.split(" ", 2);
            Set<String> names = new HashSet<>();
            for (JsonNode parameter : DOCUMENT.get("paths")
                    .get(parts[1])
                    .get(parts[0].toLowerCase(Locale.ROOT))
                    .path("parameters")) {
                if (parameter.path("in").asText().equals("query")) {
                    names.add(parameter.get("name").asText());
                }
            }
            queries.put(operation, names);
        }
        return queries;
    }

    static <T> HttpResponse<T> check(HttpResponse<T> response) {
        String method = response.request().method();
        String path = response.request().uri().getRawPath();
        operation(method.equals("HEAD") ? "GET" : method, path).ifPresent(operation -> {
            JsonNode answer = operation.path("responses").path(Integer.toString(response.statusCode()));
            if (answer.has("$ref")) {
                answer = DOCUMENT.at(answer.get("$ref").asText().substring(1));
            }
            if (answer.isMissingNode()) {
                throw new AssertionError(
                        method + " " + path + " answered " + response.statusCode() + ", which openapi.json lacks");
            }
            String type =
                    response.headers().firstValue("Content-Type").orElse("").split(";", -1)[0];
            if (!answer.path("content").has(type)) {
                throw new AssertionError(method + " " + path + " answered " + response.statusCode() + " as " + type
                        + ", which openapi.json lacks");
            }
            answer.path("headers").fieldNames().forEachRemaining(header -> {
                if (response.headers().firstValue(header).isEmpty()) {
                    throw new AssertionError(
                            method + " " + path + " answered " + response.statusCode() + " without " + header);
                }
            });
        });
        return response;
    }

    private static Optional<JsonNode> operation(String method, String path) {
        for (Map.Entry<String, JsonNode> entry : DOCUMENT.get("paths").properties()) {
            JsonNode operation = entry.getValue().path(method.toLowerCase(Locale.ROOT));
            if (!operation.isMissingNode() && path.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]*"))) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    private static JsonNode load() {
        try (InputStream in = OpenApiContract.class.getResourceAsStream("/dev/igarape/api/openapi.json")) {
            return TestingApi.json(new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
