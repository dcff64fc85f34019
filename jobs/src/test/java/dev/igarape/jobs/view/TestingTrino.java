package dev.igarape.jobs.view;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Trino's protocol without Trino: answers {@code EXPLAIN (TYPE IO)} with the tables that a test names, or refuses it, and
 * remembers every statement.
 */
final class TestingTrino implements AutoCloseable {
    private final HttpServer server;
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private volatile ObjectNode explained = explanation();
    private volatile ObjectNode error;

    TestingTrino() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/statement", this::answer);
        server.start();
    }

    String jdbcUrl() {
        return "jdbc:trino://127.0.0.1:" + server.getAddress().getPort() + "/lake";
    }

    /** Statements in the order in which they came. */
    List<String> statements() {
        return List.copyOf(statements);
    }

    /** @param tables what queries read from now on: {@code schema.table} */
    void reads(String... tables) {
        explained = explanation(tables);
    }

    /** @param code number in Trino's {@code StandardErrorCode}; those of users are below 65536 */
    void refuse(int code, String message) {
        error = object().put("message", message).put("errorCode", code).put("errorName", "ANY");
        error.put("errorType", code < 65536 ? "USER_ERROR" : "INTERNAL_ERROR");
    }

    private static ObjectNode explanation(String... tables) {
        ObjectNode plan = object();
        plan.putArray("inputTableColumnInfos");
        for (String table : tables) {
            plan.withArray("inputTableColumnInfos")
                    .addObject()
                    .putObject("table")
                    .put("catalog", "lake")
                    .putObject("schemaTable")
                    .put("schema", table.substring(0, table.indexOf('.')))
                    .put("table", table.substring(table.indexOf('.') + 1));
        }
        return plan;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String sql = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        statements.add(sql);
        ObjectNode results = object().put("id", "query").put("infoUri", "http://127.0.0.1/any");
        ObjectNode stats = results.putObject("stats").put("state", error == null ? "FINISHED" : "FAILED");
        stats.put("queued", false).put("scheduled", true);
        if (error != null) {
            results.set("error", error);
        } else if (sql.startsWith("EXPLAIN")) {
            column(results, "Query Plan", "varchar");
            results.putArray("data").addArray().add(explained.toString());
        } else {
            column(results, "result", "boolean");
            results.put("updateType", "CREATE").putArray("data").addArray().add(true);
        }
        byte[] bytes = results.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static void column(ObjectNode results, String name, String type) {
        ObjectNode column =
                results.putArray("columns").addObject().put("name", name).put("type", type);
        ArrayNode arguments =
                column.putObject("typeSignature").put("rawType", type).putArray("arguments");
        if (type.equals("varchar")) {
            arguments.addObject().put("kind", "LONG").put("value", Integer.MAX_VALUE);
        }
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
