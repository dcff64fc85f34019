package dev.igarape.api.health;

import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import dev.igarape.api.http.RouteHandler;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** {@code GET /openapi}: the description of this service, OpenAPI 3.1. */
public final class OpenApiRoute implements RouteHandler {
    private final byte[] document;

    public OpenApiRoute() {
        try (InputStream in = OpenApiRoute.class.getResourceAsStream("/dev/igarape/api/openapi.json")) {
            document = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Future<Response> handle(RequestContext context) {
        return Future.succeededFuture(new Response(200, "application/json", document, Map.of()));
    }
}
