package dev.igarape.jobs.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/**
 * A schema registry in memory that gives out what it is given, by id and by version of a subject. Tests get it from
 * {@link TestServers}.
 */
public final class TestingRegistry implements AutoCloseable {
    private static final int NO_SUBJECT = 40401;
    private static final int NO_SCHEMA = 40403;

    private final HttpServer server;
    private final Map<Integer, ObjectNode> schemas = new ConcurrentHashMap<>();
    private final Map<String, List<Integer>> subjects = new ConcurrentHashMap<>();

    TestingRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** The client's properties. */
    public Map<String, String> properties() {
        return Map.of(
                "schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Puts a schema under an id, and under no subject. */
    public void register(int id, String schema) {
        schemas.put(id, JsonNodeFactory.instance.objectNode().put("schema", schema));
    }

    /**
     * Adds a version to a subject.
     *
     * @param references subjects whose first version defines types of the schema
     * @return the schema's id
     */
    public int add(String subject, String schema, String... references) {
        int id = schemas.size() + 1;
        register(id, schema);
        for (String reference : references) {
            schemas.get(id)
                    .withArray("references")
                    .addObject()
                    .put("name", reference)
                    .put("subject", reference)
                    .put("version", 1);
        }
        subjects.computeIfAbsent(subject, key -> new CopyOnWriteArrayList<>()).add(id);
        return id;
    }

    /** The text of a schema. */
    public String schema(int id) {
        return schemas.get(id).path("schema").asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        boolean asksForSchema = path[1].equals("schemas");
        Optional<? extends JsonNode> found;
        if (asksForSchema) {
            found = Optional.ofNullable(schemas.get(Integer.parseInt(path[3])));
        } else {
            found = path.length == 4 ? versions(path[2]) : version(path);
        }
        JsonNode answer = found.isPresent() ? found.get() : notFound(asksForSchema);
        byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(found.isPresent() ? 200 : 404, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static ObjectNode notFound(boolean asksForSchema) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error_code", asksForSchema ? NO_SCHEMA : NO_SUBJECT)
                .put("message", "not found");
    }

    private Optional<ArrayNode> versions(String subject) {
        ArrayNode versions = JsonNodeFactory.instance.arrayNode();
        int count = subjects.getOrDefault(subject, List.of()).size();
        IntStream.rangeClosed(1, count).forEach(versions::add);
        return Optional.of(versions).filter(found -> !found.isEmpty());
    }

    /** @param path parts of {@code /subjects/SUBJECT/versions/VERSION} */
    private Optional<ObjectNode> version(String[] path) {
        List<Integer> ids = subjects.getOrDefault(path[2], List.of());
        int version = path[4].equals("latest") ? ids.size() : Integer.parseInt(path[4]);
        if (version < 1 || version > ids.size()) {
            return Optional.empty();
        }
        int id = ids.get(version - 1);
        return Optional.of(schemas.get(id)
                .deepCopy()
                .put("subject", path[2])
                .put("version", version)
                .put("id", id));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
