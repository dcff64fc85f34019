package dev.igarape.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Where a team would have its chat: takes JSON objects and keeps them. */
final class Webhook {
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    private Webhook(HttpServer server) {
        this.server = server;
    }

    /** One that listens for as long as this JVM runs. */
    static Webhook start() {
        try {
            Webhook webhook =
                    new Webhook(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
            webhook.server.createContext("/", exchange -> {
                webhook.received.add(Json.mapper().readTree(exchange.getRequestBody()));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            webhook.server.start();
            return webhook;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/alerts";
    }

    List<JsonNode> received() {
        return received;
    }
}
