package dev.igarape.cli.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A worker of Kafka Connect with at most one connector, whose state is set by tests. */
final class ConnectWorker implements AutoCloseable {
    private final HttpServer server;
    private final ObjectNode connectors = Json.mapper().createObjectNode();
    /** Requests that change something, as {@code POST /connectors/orders/restart}. */
    final List<String> requests = new ArrayList<>();

    boolean restarts = true;
    /** Whether requests to stop are answered; they are taken anyway. */
    boolean stops = true;
    /** How often it does not delete the place of a connector yet. */
    int keeps;

    ConnectWorker() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** @param tasks states, each with the reason of a failure behind a blank where there is one */
    void state(String name, String state, String... tasks) {
        ObjectNode status = connectors.withObject("/" + name + "/status");
        connectors.withObject("/" + name + "/info/config");
        status.withObject("/connector").put("state", state);
        status.putArray("tasks");
        for (String task : tasks) {
            String[] parts = task.split(" ", 2);
            ObjectNode node = status.withArray("tasks").addObject();
            node.put("id", status.path("tasks").size() - 1).put("state", parts[0]);
            if (parts.length > 1) {
                node.put("trace", parts[1]);
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String[] parts = path.split("/", -1);
        int status = 200;
        if (!exchange.getRequestMethod().equals("GET")) {
            requests.add(exchange.getRequestMethod() + " " + path);
        }
        if (path.endsWith("/config")) {
            ObjectNode config = (ObjectNode) Json.mapper().readTree(exchange.getRequestBody());
            if (!connectors
                    .at("/" + parts[2] + "/status/connector/state")
                    .asText()
                    .equals("STOPPED")) {
                state(parts[2], "RUNNING", "RUNNING");
            }
            connectors.withObject("/" + parts[2] + "/info").set("config", config.put("name", parts[2]));
        } else if ((path.endsWith("/restart") || path.endsWith("/resume")) && !restarts) {
            status = 500;
        } else if (path.endsWith("/stop")) {
            status = stops ? 200 : 500;
            state(parts[2], "STOPPED");
        } else if (path.endsWith("/offsets") && keeps > 0) {
            keeps--;
            status = 500;
        } else if (path.endsWith("/resume")) {
            state(parts[2], "RUNNING", "RUNNING");
        }
        byte[] body = Json.mapper().writeValueAsBytes(connectors);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
