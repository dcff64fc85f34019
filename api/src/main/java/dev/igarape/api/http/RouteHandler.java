package dev.igarape.api.http;

import io.vertx.core.Future;

/** The handler of a route. Runs on an event loop: blocking calls go to a worker. */
@FunctionalInterface
public interface RouteHandler {
    /**
     * A failure that is a {@link ProblemException} is answered with its problem; any other is a bug and answers 500.
     */
    Future<Response> handle(RequestContext context);
}
