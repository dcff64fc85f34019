package dev.igarape.api;

import dev.igarape.api.http.ConnectionLimiter;
import dev.igarape.api.http.Dispatcher;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** The HTTP server on one event loop; several instances share the port. */
final class HttpServerVerticle extends AbstractVerticle {
    private final HttpServerOptions options;
    private final Dispatcher dispatcher;
    private final ConnectionLimiter connections;
    private volatile int port;

    HttpServerVerticle(HttpServerOptions options, Dispatcher dispatcher, ConnectionLimiter connections) {
        this.options = options;
        this.dispatcher = dispatcher;
        this.connections = connections;
    }

    @Override
    public void start(Promise<Void> started) {
        HttpServer server = vertx.createHttpServer(options)
                .connectionHandler(connections)
                .requestHandler(dispatcher)
                .invalidRequestHandler(dispatcher::handleInvalid);
        server.listen()
                .onSuccess(listening -> port = listening.actualPort())
                .<Void>mapEmpty()
                .onComplete(started);
    }

    int port() {
        return port;
    }
}
