package dev.igarape.api;

import dev.igarape.api.http.Connections;
import dev.igarape.api.http.HttpFront;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** Listens on one event loop; several share the port. */
final class Listener extends AbstractVerticle {
    private final HttpServerOptions options;
    private final HttpFront front;
    private final Connections connections;
    private volatile int port;

    Listener(HttpServerOptions options, HttpFront front, Connections connections) {
        this.options = options;
        this.front = front;
        this.connections = connections;
    }

    @Override
    public void start(Promise<Void> started) {
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(connections)
                .requestHandler(front)
                .invalidRequestHandler(front::handleInvalid);
        server.listen()
                .onSuccess(listening -> port = listening.actualPort())
                .<Void>mapEmpty()
                .onComplete(started);
    }

    int port() {
        return port;
    }
}
