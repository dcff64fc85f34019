package dev.igarape.api.http;

import java.util.Map;
import java.util.Objects;

/** What a route answers: the bytes are sent as they are, with their length. */
public record Answer(int status, String contentType, byte[] body, Map<String, String> headers) {

    public Answer {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(body, "body");
        headers = Map.copyOf(headers);
    }

    /** @param value anything that Jackson writes: records, maps, lists */
    public static Answer json(int status, Object value) {
        return new Answer(status, "application/json", Json.write(value), Map.of());
    }

    /** @param lines JSON values, one a line */
    public static Answer lines(int status, byte[] lines) {
        return new Answer(status, "application/x-ndjson", lines, Map.of());
    }

    static Answer of(Problem problem, String instance) {
        return new Answer(
                problem.status(), Problem.CONTENT_TYPE, Json.write(Json.problem(problem, instance)), problem.headers());
    }
}
