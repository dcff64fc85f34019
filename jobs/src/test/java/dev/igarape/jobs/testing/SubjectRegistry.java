package dev.igarape.jobs.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A schema registry in memory that gives out what it is given, by id and by version of a subject. */
public final class SubjectRegistry implements AutoCloseable {
    private final HttpServer server;
    private final List<ObjectNode> schemas = new CopyOnWriteArrayList<>();
    private final Map<String, List<Integer>> subjects = new ConcurrentHashMap<>();

    public SubjectRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    /** For a target. */
    public Map<String, String> properties() {
        return Map.of(
                "schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * Adds a version.
     *
     * @param references subjects whose first version defines types of the schema
     * @return the schema's id
     */
    public int add(String subject, String schema, String... references) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("schema", schema);
        for (String reference : references) {
            answer.withArray("references")
                    .addObject()
                    .put("name", reference)
                    .put("subject", reference)
                    .put("version", 1);
        }
        schemas.add(answer);
        subjects.computeIfAbsent(subject, key -> new ArrayList<>()).add(schemas.size());
        return schemas.size();
    }

    /** The text of a schema. */
    public String schema(int id) {
        return schemas.get(id - 1).path("schema").asText();
    }

    private void answer(HttpExchange exchange) throws IOException {
        Optional<ObjectNode> found = find(exchange.getRequestURI().getPath().split("/", -1));
        byte[] bytes = found.map(Object::toString)
                .orElse("{\"error_code\": 40401, \"message\": \"Subject not found\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(found.isPresent() ? 200 : 404, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Optional<ObjectNode> find(String[] path) {
        if (path[1].equals("schemas")) {
            int id = Integer.parseInt(path[3]);
            return id <= schemas.size() ? Optional.of(schemas.get(id - 1)) : Optional.empty();
        }
        List<Integer> ids = subjects.getOrDefault(path[2], List.of());
        int version = path[4].equals("latest") ? ids.size() : Integer.parseInt(path[4]);
        return version < 1 || version > ids.size()
                ? Optional.empty()
                : Optional.of(schemas.get(ids.get(version - 1) - 1)
                        .deepCopy()
                        .put("subject", path[2])
                        .put("version", version)
                        .put("id", ids.get(version - 1)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
