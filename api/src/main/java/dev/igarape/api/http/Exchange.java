package dev.igarape.api.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One request as a route sees it. Belongs to its event loop until its body is read. */
public final class Exchange {
    private static final Pattern JSON = Pattern.compile("application/([a-z0-9.-]+\\+)?json");
    private static final Pattern GZIP =
            Pattern.compile("(^|,)\\s*(gzip|x-gzip|\\*)\\s*(;\\s*q\\s*=\\s*(1(\\.0*)?|0\\.\\d*[1-9]\\d*))?\\s*(,|$)");

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final Map<String, String> parameters;
    private final Limits limits;
    private final Budget budget;
    private Optional<Budget.Lease> lease = Optional.empty();

    Exchange(Vertx vertx, HttpServerRequest request, Map<String, String> parameters, Limits limits, Budget budget) {
        this.vertx = vertx;
        this.request = request;
        this.parameters = parameters;
        this.limits = limits;
        this.budget = budget;
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

    /** This request's share of the budget, taken at the first call and given back when the answer is out. */
    public synchronized Budget.Lease lease() {
        if (lease.isEmpty()) {
            lease = Optional.of(budget.lease());
        }
        return lease.get();
    }

    /** The body, which must say that it is JSON; fails with 408, 413, 415 or 503. */
    public Future<byte[]> jsonBody() {
        String type = header("Content-Type").orElse("");
        if (!isJson(type)) {
            return Future.failedFuture(unsupported("The body is '" + Shown.of(type)
                            + "'. Send it as Content-Type: application/json, in UTF-8.")
                    .with("Accept-Post", "application/json")
                    .failure());
        }
        String encoding = header("Content-Encoding").orElse("identity");
        if (!encoding.equalsIgnoreCase("identity")) {
            return Future.failedFuture(unsupported("The body is compressed by '" + Shown.of(encoding)
                            + "', which this service does not undo. Send it plain.")
                    .with("Accept-Encoding", "identity")
                    .failure());
        }
        return BodyReader.read(vertx, request, limits, lease());
    }

    private Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    private static boolean isJson(String contentType) {
        String[] parts = contentType.toLowerCase(Locale.ROOT).split(";", -1);
        if (!JSON.matcher(parts[0].strip()).matches()) {
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

    private static Problem unsupported(String detail) {
        return Problem.of(415, "unsupported-media-type", "The body is of the wrong type", detail);
    }

    /** Whether bytes of the body may still be on their way. */
    boolean hasUnreadBody() {
        boolean announced = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || BodyReader.declaredLength(request).orElse(0L) > 0;
        return announced && !request.isEnded();
    }

    synchronized void release() {
        lease.ifPresent(Budget.Lease::close);
    }
}
