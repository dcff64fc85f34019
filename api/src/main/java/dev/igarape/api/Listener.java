package dev.igarape.api;

import dev.igarape.api.http.HttpFront;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/** Listens on one event loop; several share the port. */
final class Listener extends AbstractVerticle {
    private final HttpServerOptions options;
    private final HttpFront front;
    private volatile int port;

    Listener(HttpServerOptions options, HttpFront front) {
        this.options = options;
        this.front = front;
    }

    @Override
    public void start(Promise<Void> started) {
        HttpServer server =
                vertx.createHttpServer(options).requestHandler(front).invalidRequestHandler(front::handleInvalid);
        server.listen()
                .onSuccess(listening -> port = listening.actualPort())
                .<Void>mapEmpty()
                .onComplete(started);
    }

    int port() {
        return port;
    }
}
