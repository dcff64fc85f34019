package dev.igarape.jobs.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A registry that knows schemas by id, and no subjects. */
public final class TestingRegistry implements AutoCloseable {
    private static final Pattern BY_ID = Pattern.compile("/schemas/ids/([0-9]+)");

    private final HttpServer server;
    private final Map<Integer, String> schemas = new ConcurrentHashMap<>();

    public TestingRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    public void register(int id, String schema) {
        schemas.put(id, schema);
    }

    /** The client's properties. */
    public Map<String, String> properties() {
        return Map.of(
                "schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        Matcher id = BY_ID.matcher(exchange.getRequestURI().getPath());
        boolean asksForSchema = id.matches();
        String schema = asksForSchema ? schemas.get(Integer.parseInt(id.group(1))) : null;
        Map<String, Object> answer = schema != null
                ? Map.of("schema", schema)
                : Map.of("error_code", asksForSchema ? 40403 : 40401, "message", "not found");
        byte[] body = Json.mapper().writeValueAsString(answer).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(schema != null ? 200 : 404, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
