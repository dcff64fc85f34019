package dev.igarape.wire.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** A registry in memory that speaks Confluent's API, counts its requests and fails when told to. */
public final class FakeRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final List<String> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new TreeMap<>();
    private final Map<String, String> levels = new TreeMap<>();
    /** By the schema's text: the subjects of whose first version it uses the types. */
    private final Map<String, List<String>> references = new TreeMap<>();

    private final Queue<Answer> canned = new ArrayDeque<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();

    public FakeRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://" + host() + "/api";
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** Method and path of each request, in order. */
    public List<String> requests() {
        return requests;
    }

    List<String> authorizations() {
        return authorizations;
    }

    /** Answers the next request with this, whatever it is. */
    public synchronized FakeRegistry answerNext(int status, String body) {
        canned.add(new Answer(status, body));
        return this;
    }

    public synchronized int add(String subject, String schema) {
        int id = schemas.indexOf(schema) + 1;
        if (id == 0) {
            schemas.add(schema);
            id = schemas.size();
        }
        List<Integer> versions = subjects.computeIfAbsent(subject, key -> new ArrayList<>());
        if (!versions.contains(id)) {
            versions.add(id);
        }
        return id;
    }

    /** Adds a schema that uses types of other subjects, each in its first version. */
    public synchronized int add(String subject, String schema, List<String> usedSubjects) {
        references.put(schema, usedSubjects);
        return add(subject, schema);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getRawPath().substring("/api".length());
        String query = exchange.getRequestURI().getRawQuery();
        requests.add(exchange.getRequestMethod() + " " + path + (query == null ? "" : "?" + query));
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        Answer answer;
        synchronized (this) {
            answer =
                    canned.isEmpty() ? answer(exchange.getRequestMethod(), path.split("/", -1), body) : canned.remove();
        }
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Answer answer(String method, String[] path, String body) throws IOException {
        String request = method + " " + path[1] + " " + path.length;
        switch (request) {
            case "GET schemas 4":
                int id = Integer.parseInt(path[3]);
                return id >= 1 && id <= schemas.size()
                        ? ok(schema(JSON.createObjectNode(), id))
                        : error(404, 40403, "Schema not found");
            case "GET subjects 2":
                return ok(JSON.valueToTree(subjects.keySet()));
            case "GET subjects 4":
                return versions(path[2]);
            case "GET subjects 5":
                return version(path[2], path[4]);
            case "POST subjects 4":
                return register(path[2], JSON.readTree(body).get("schema").asText());
            case "POST subjects 3":
                return lookUp(path[2], JSON.readTree(body).get("schema").asText());
            case "DELETE subjects 3":
                List<Integer> deleted = subjects.remove(path[2]);
                return deleted == null ? noSubject() : ok(numbers(deleted.size()));
            case "POST compatibility 5":
                return check(path[3], JSON.readTree(body).get("schema").asText());
            case "GET config 2":
                return ok(JSON.createObjectNode().put("compatibilityLevel", "FULL"));
            case "GET config 3":
                if (!subjects.containsKey(path[2])) {
                    return noSubject();
                }
                return ok(JSON.createObjectNode().put("compatibilityLevel", levels.getOrDefault(path[2], "BACKWARD")));
            case "PUT config 3":
                levels.put(path[2], JSON.readTree(body).get("compatibility").asText());
                return ok(JSON.readTree(body));
            default:
                return error(404, 404, "HTTP 404 Not Found");
        }
    }

    private Answer versions(String subject) {
        return subjects.containsKey(subject) ? ok(numbers(subjects.get(subject).size())) : noSubject();
    }

    private Answer version(String subject, String version) {
        List<Integer> ids = subjects.get(subject);
        if (ids == null) {
            return noSubject();
        }
        int number = version.equals("latest") ? ids.size() : Integer.parseInt(version);
        if (number > ids.size()) {
            return error(404, 40402, "Version not found.");
        }
        int id = ids.get(number - 1);
        return ok(schema(JSON.createObjectNode().put("subject", subject).put("version", number), id)
                .put("id", id));
    }

    private ObjectNode schema(ObjectNode answer, int id) {
        String schema = schemas.get(id - 1);
        for (String used : references.getOrDefault(schema, List.of())) {
            answer.withArray("references")
                    .addObject()
                    .put("name", used)
                    .put("subject", used)
                    .put("version", 1);
        }
        return answer.put("schema", schema);
    }

    private Answer register(String subject, String schema) {
        if (!compatible(subject, schema)) {
            return error(409, 409, "Schema being registered is incompatible with an earlier schema");
        }
        return ok(JSON.createObjectNode().put("id", add(subject, schema)));
    }

    private Answer lookUp(String subject, String schema) {
        List<Integer> ids = subjects.get(subject);
        if (ids == null) {
            return noSubject();
        }
        int id = schemas.indexOf(schema) + 1;
        return ids.contains(id)
                ? ok(JSON.createObjectNode().put("id", id).put("version", ids.indexOf(id) + 1))
                : error(404, 40403, "Schema not found");
    }

    private Answer check(String subject, String schema) {
        if (!subjects.containsKey(subject)) {
            return noSubject();
        }
        ObjectNode answer = JSON.createObjectNode().put("is_compatible", compatible(subject, schema));
        if (!compatible(subject, schema)) {
            answer.putArray("messages").add("reader type differs");
        }
        return ok(answer);
    }

    private boolean compatible(String subject, String schema) {
        List<Integer> ids = subjects.getOrDefault(subject, List.of());
        if (ids.isEmpty() || levels.getOrDefault(subject, "BACKWARD").equals("NONE")) {
            return true;
        }
        Schema latest = new Schema.Parser().parse(schemas.get(ids.get(ids.size() - 1) - 1));
        return SchemaCompatibility.checkReaderWriterCompatibility(new Schema.Parser().parse(schema), latest)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
    }

    private static ArrayNode numbers(int upTo) {
        ArrayNode numbers = JSON.createArrayNode();
        for (int i = 1; i <= upTo; i++) {
            numbers.add(i);
        }
        return numbers;
    }

    private static Answer noSubject() {
        return error(404, 40401, "Subject not found.");
    }

    private static Answer ok(JsonNode body) {
        return new Answer(200, body.toString());
    }

    private static Answer error(int status, int code, String message) {
        return new Answer(
                status,
                JSON.createObjectNode()
                        .put("error_code", code)
                        .put("message", message)
                        .toString());
    }

    private record Answer(int status, String body) {}
}
