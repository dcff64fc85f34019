package dev.igarape.api.http;

import io.vertx.core.Future;

/** Answers one kind of request. Runs on an event loop: whatever may block goes to a worker. */
@FunctionalInterface
public interface RouteHandler {
    /** A failure that is a {@link ProblemException} is answered with its problem; any other is a bug and answers 500. */
    Future<Response> handle(RequestContext context);
}
