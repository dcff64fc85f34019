package dev.igarape.api.random;

import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import dev.igarape.api.http.RouteHandler;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * {@code GET /v1/random/{dataset}?date=&count=&seed=&page=&page_size=}: seeded page events as one JSON array. Same
 * arguments, same bytes. A page after the last one is {@code []}.
 */
public final class RandomRoute implements RouteHandler {
    private static final long BYTES_PER_ROW = 128;

    /** Its query parameters. */
    public static final Set<String> PARAMETERS = RandomRequest.PARAMETERS;

    private final WorkerExecutor workers;

    public RandomRoute(WorkerExecutor workers) {
        this.workers = workers;
    }

    @Override
    public Future<Response> handle(RequestContext context) {
        RandomRequest request = RandomRequest.parse(context.path("dataset"), context.query());
        context.permit().reserve(request.rows() * BYTES_PER_ROW);
        boolean gzip = context.acceptsGzip();
        return workers.executeBlocking(() -> response(request.body(), gzip), false);
    }

    private static Response response(byte[] body, boolean gzip) {
        return gzip
                ? new Response(
                        200,
                        "application/json",
                        gzip(body),
                        Map.of("Content-Encoding", "gzip", "Vary", "Accept-Encoding"))
                : new Response(200, "application/json", body, Map.of("Vary", "Accept-Encoding"));
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 4 + 64);
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes, 8192)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
