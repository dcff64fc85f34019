package dev.igarape.api.http;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A problem detail of RFC 9457. {@code detail} says problem, cause and remedy; {@code errors} points into the body that
 * was sent; {@code headers} go beside it, such as {@code Retry-After}.
 */
public record Problem(
        int status, String type, String title, String detail, List<ErrorDetail> errors, Map<String, String> headers) {

    /** An error at one position of the body, as a JSON pointer. */
    public record ErrorDetail(String pointer, String detail) {
        public ErrorDetail {
            Objects.requireNonNull(pointer, "pointer");
            Objects.requireNonNull(detail, "detail");
        }
    }

    private static final String TYPE = "urn:igarape:problem:";

    public static final String CONTENT_TYPE = "application/problem+json";

    public Problem {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(detail, "detail");
        errors = List.copyOf(errors);
        headers = Map.copyOf(headers);
    }

    /** @param name the last part of the type, such as {@code unknown-topic} */
    public static Problem of(int status, String name, String title, String detail) {
        return new Problem(status, TYPE + name, title, detail, List.of(), Map.of());
    }

    public static Problem badRequest(String name, String title, String detail) {
        return of(400, name, title, detail);
    }

    public static Problem badParameter(String detail) {
        return badRequest("bad-parameter", "A query parameter can't be used", detail);
    }

    /** Something this answer needs is away or full: the same request may pass after {@code seconds}. */
    public static Problem unavailable(String name, String title, String detail, int seconds) {
        return of(503, name, title, detail).with("Retry-After", Integer.toString(seconds));
    }

    /** The last part of the type. */
    String name() {
        return type.substring(TYPE.length());
    }

    public Problem with(List<ErrorDetail> faults) {
        return new Problem(status, type, title, detail, faults, headers);
    }

    public Problem with(String header, String value) {
        java.util.HashMap<String, String> more = new java.util.HashMap<>(headers);
        more.put(header, value);
        return new Problem(status, type, title, detail, errors, more);
    }

    /** This problem, with one more sentence in its detail. */
    public Problem withDetail(String sentence) {
        return new Problem(status, type, title, detail + " " + sentence, errors, headers);
    }

    /** The problem for an internal error, whose cause is in the log only. */
    public static Problem internalError() {
        return of(
                500, "bug", "This is a bug", "The service failed on this request; its log says how. Please report it.");
    }

    /** One line of a batch's results, with the first {@code maxErrors} errors. */
    public byte[] toJsonLine(long line, int maxErrors) {
        return StrictJson.write(StrictJson.problem(this, line, maxErrors));
    }

    /** The exception that fails a request with this problem. */
    public ProblemException toException() {
        return new ProblemException(this);
    }
}
