package dev.igarape.api.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A request as its route sees it. Confined to its event loop until its body is read. */
public final class RequestContext {
    private static final Pattern JSON = Pattern.compile("application/([a-z0-9.-]+\\+)?json");
    private static final Pattern LINES = Pattern.compile("application/(x-)?(ndjson|jsonl|jsonlines)");
    private static final Pattern GZIP =
            Pattern.compile("(^|,)\\s*(gzip|x-gzip|\\*)\\s*(;\\s*q\\s*=\\s*(1(\\.0*)?|0\\.\\d*[1-9]\\d*))?\\s*(,|$)");

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Map<String, String> parameters;
    private final RequestLimits limits;
    private final InFlightLimiter limiter;
    private final BooleanSupplier draining;
    private Optional<InFlightLimiter.Permit> permit = Optional.empty();

    RequestContext(
            Vertx vertx,
            HttpServerRequest request,
            Map<String, String> parameters,
            RequestLimits limits,
            InFlightLimiter limiter,
            BooleanSupplier draining) {
        this.vertx = vertx;
        this.request = request;
        this.parameters = parameters;
        this.limits = limits;
        this.limiter = limiter;
        this.draining = draining;
    }

    /** A segment of the path by its name in the template, decoded once; may hold anything. */
    public String path(String name) {
        return PercentDecoder.path(parameters.get(name));
    }

    public Query query() {
        String raw = request.query();
        return Query.parse(raw == null ? "" : raw);
    }

    public boolean acceptsGzip() {
        return header("Accept-Encoding")
                .filter(value -> GZIP.matcher(value.toLowerCase(Locale.ROOT)).find())
                .isPresent();
    }

    /** This request's permit, acquired at the first call and released when the response is sent. */
    public synchronized InFlightLimiter.Permit permit() {
        if (permit.isEmpty()) {
            permit = Optional.of(limiter.acquire());
        }
        return permit.get();
    }

    /** The body, which must say that it is JSON; fails with 400, 408, 413, 415 or 503. */
    public Future<byte[]> jsonBody() {
        BodyReader reader = new BodyReader(permit());
        BodyStream.Allowance one = new BodyStream.Allowance(
                limits.maxBody(), limits.bodyTimeout(), "IGARAPE_API_MAX_BODY and the topic's max.message.bytes");
        read(JSON, "application/json", one, reader);
        return reader.body();
    }

    /**
     * Reads a body of JSON lines into the sink, which counts it against the {@link #permit} itself.
     *
     * @throws ProblemException 413 or 415 for what its head announces
     */
    public BodyStream readLines(BodyStream.Sink sink) {
        BodyStream.Allowance batch =
                new BodyStream.Allowance(limits.maxBatch(), limits.batchTimeout(), "IGARAPE_API_MAX_BATCH");
        return read(LINES, "application/x-ndjson", batch, sink);
    }

    private BodyStream read(Pattern types, String example, BodyStream.Allowance allowance, BodyStream.Sink sink) {
        String type = header("Content-Type").orElse("");
        if (!isOf(types, type)) {
            throw unsupported(
                    "The body is '" + Sanitized.of(type) + "'. Send it as Content-Type: " + example + ", in UTF-8.",
                    example);
        }
        return BodyStream.read(vertx, request, allowance, isGzip(example), sink);
    }

    /** Whether the body is compressed; fails with 415 where it is so in another way, or more than once. */
    private boolean isGzip(String example) {
        String given = header("Content-Encoding").orElse("");
        List<String> encodings = Stream.of(given.toLowerCase(Locale.ROOT).split(",", -1))
                .map(String::strip)
                .filter(encoding -> !encoding.isEmpty() && !encoding.equals("identity"))
                .toList();
        boolean gzip = encodings.equals(List.of("gzip")) || encodings.equals(List.of("x-gzip"));
        if (!gzip && !encodings.isEmpty()) {
            throw unsupported(
                    "The body is compressed by '" + Sanitized.of(given)
                            + "', which this service does not undo. Send it with gzip, or plain.",
                    example);
        }
        return gzip;
    }

    /** The header of this name, a secret. */
    public Optional<String> authorization() {
        return header("Authorization");
    }

    /** The header of this name; one that comes on several lines is the same as their list on one. */
    private Optional<String> header(String name) {
        List<String> lines = request.headers().getAll(name);
        return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lines));
    }

    private static boolean isOf(Pattern types, String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        if (!types.matcher(parts[0].strip()).matches()) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].replace("\"", "").strip();
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                return false;
            }
        }
        return true;
    }

    /** @param example the type that the body should have */
    private static ProblemException unsupported(String detail, String example) {
        return Problem.of(415, "unsupported-media-type", "The body is of the wrong type", detail)
                .with("Accept-Post", example)
                .with("Accept-Encoding", "gzip, identity")
                .toException();
    }

    /** @throws ProblemException 503 when the service takes nothing more */
    public void refuseIfStopping() {
        if (draining.getAsBoolean()) {
            throw stopping().toException();
        }
    }

    static Problem stopping() {
        return Problem.unavailable("stopping", "The service is stopping", "Send it again when the service is back.", 5);
    }

    /** Whether bytes of the body may still be on their way. */
    boolean hasUnreadBody() {
        boolean announced = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || BodyStream.declaredLength(request).orElse(0L) > 0;
        return announced && !request.isEnded();
    }

    synchronized void release() {
        permit.ifPresent(InFlightLimiter.Permit::close);
    }
}
