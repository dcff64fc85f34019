package dev.igarape.api.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** The part of Confluent's Schema Registry API that the service uses, backward compatible, in memory. */
public final class TestingRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<Integer>> subjects = new TreeMap<>();
    private final List<String> schemas = new ArrayList<>();
    private final AtomicInteger calls = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile boolean failing;
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public TestingRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.createContext("/subjects/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on it answers 500. */
    public void fail(boolean fails) {
        failing = fails;
    }

    /** From now on it holds its answers until the latch is down. */
    public void holdUntil(CountDownLatch latch) {
        gate = latch;
    }

    public int calls() {
        return calls.get();
    }

    public synchronized int register(String subject, String schema) {
        return add(subject, new Schema.Parser().parse(schema).toString());
    }

    public synchronized void delete(String subject) {
        subjects.remove(subject);
    }

    private int add(String subject, String schema) {
        int index = schemas.indexOf(schema);
        if (index < 0) {
            schemas.add(schema);
            index = schemas.size() - 1;
        }
        List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
        if (!versions.contains(index + 1)) {
            versions.add(index + 1);
        }
        return index + 1;
    }

    private void handle(HttpExchange exchange) throws IOException {
        calls.incrementAndGet();
        try (exchange) {
            gate.await();
            if (failing) {
                answer(exchange, 500, error(50001, "down"));
                return;
            }
            String[] path = exchange.getRequestURI().getPath().split("/", -1);
            String body = new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            boolean post = exchange.getRequestMethod().equals("POST");
            synchronized (this) {
                if (post) {
                    register(
                            exchange, path[2], JSON.readTree(body).get("schema").asText());
                } else if (path.length == 4) {
                    versions(exchange, path[2]);
                } else {
                    version(exchange, path[2], path[4]);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void register(HttpExchange exchange, String subject, String text) throws IOException {
        Schema schema = new Schema.Parser().parse(text);
        for (int id : subjects.getOrDefault(subject, List.of())) {
            Schema old = new Schema.Parser().parse(schemas.get(id - 1));
            if (SchemaCompatibility.checkReaderWriterCompatibility(schema, old).getType()
                    != SchemaCompatibilityType.COMPATIBLE) {
                answer(exchange, 409, error(409, "READER_FIELD_MISSING_DEFAULT_VALUE"));
                return;
            }
        }
        answer(exchange, 200, JSON.createObjectNode().put("id", add(subject, schema.toString())));
    }

    private void versions(HttpExchange exchange, String subject) throws IOException {
        ArrayNode numbers = JSON.createArrayNode();
        for (int i = 1; i <= subjects.getOrDefault(subject, List.of()).size(); i++) {
            numbers.add(i);
        }
        answer(exchange, 200, numbers);
    }

    private void version(HttpExchange exchange, String subject, String version) throws IOException {
        List<Integer> ids = subjects.getOrDefault(subject, List.of());
        if (ids.isEmpty()) {
            answer(exchange, 404, error(40401, "Subject not found."));
            return;
        }
        int number = version.equals("latest") ? ids.size() : Integer.parseInt(version);
        int id = ids.get(number - 1);
        ObjectNode answer = JSON.createObjectNode().put("subject", subject).put("version", number);
        answer(exchange, 200, answer.put("id", id).put("schema", schemas.get(id - 1)));
    }

    private static ObjectNode error(int code, String message) {
        return JSON.createObjectNode().put("error_code", code).put("message", message);
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
