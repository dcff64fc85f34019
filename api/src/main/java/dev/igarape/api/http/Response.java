package dev.igarape.api.http;

import java.util.Map;
import java.util.Objects;

/** The response of a route; its bytes are sent as they are, with their length. */
public record Response(int status, String contentType, byte[] body, Map<String, String> headers) {

    public Response {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(body, "body");
        headers = Map.copyOf(headers);
    }

    /** @param value anything that Jackson writes: records, maps, lists */
    public static Response json(int status, Object value) {
        return new Response(status, "application/json", StrictJson.write(value), Map.of());
    }

    /** @param lines JSON values, one a line */
    public static Response lines(int status, byte[] lines) {
        return new Response(status, "application/x-ndjson", lines, Map.of());
    }

    static Response of(Problem problem, String instance) {
        return new Response(
                problem.status(),
                Problem.CONTENT_TYPE,
                StrictJson.write(StrictJson.problem(problem, instance)),
                problem.headers());
    }
}
