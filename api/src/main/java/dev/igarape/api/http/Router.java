package dev.igarape.api.http;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A router by path segments. Paths are matched as they were sent; nothing is decoded or normalized before. */
public final class Router {
    private record Route(
            HttpMethod method, String path, List<String> template, Set<String> query, RouteHandler handler) {}

    /**
     * @param path the template that fits
     * @param parameters segments of the path by their name in the template
     * @param query the query parameters that there are
     */
    record Match(String path, RouteHandler handler, Map<String, String> parameters, Set<String> query) {}

    private final List<Route> routes = new ArrayList<>();

    /**
     * @param template such as {@code /v1/topics/{topic}}; a segment in braces matches any one segment
     * @param query the query parameters that there are; requests with others are refused
     */
    public Router route(HttpMethod method, String template, Set<String> query, RouteHandler handler) {
        routes.add(new Route(method, template, segments(template), query, handler));
        return this;
    }

    /** The query parameters of every route, each as {@code GET /path/{template}}. */
    public Map<String, Set<String>> endpoints() {
        return routes.stream().collect(Collectors.toMap(route -> route.method() + " " + route.path(), Route::query));
    }

    /** @throws ProblemException 400 for dot segments, 404 for an unknown path, 405 for a known path's wrong method */
    Match match(HttpMethod method, String path) {
        List<String> segments = segments(path);
        if (segments.contains(".") || segments.contains("..")) {
            throw Problem.badRequest(
                            "bad-path",
                            "The path has dot segments",
                            "'" + Sanitized.of(path) + "' has '.' or '..' as a segment, which no address here has.")
                    .toException();
        }
        HttpMethod wanted = method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method;
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Optional<Map<String, String>> parameters = parameters(route.template(), segments);
            if (parameters.isPresent()) {
                if (route.method().equals(wanted)) {
                    return new Match(route.path(), route.handler(), parameters.get(), route.query());
                }
                allowed.add(route.method().name());
                if (route.method().equals(HttpMethod.GET)) {
                    allowed.add(HttpMethod.HEAD.name());
                }
            }
        }
        if (allowed.isEmpty()) {
            throw Problem.of(
                            404,
                            "unknown-path",
                            "There is nothing at this path",
                            "'" + Sanitized.of(path) + "' is no address of this service. api/README.md lists them.")
                    .toException();
        }
        String allow = String.join(", ", allowed);
        throw Problem.of(
                        405,
                        "wrong-method",
                        "The path does not take this method",
                        "'" + Sanitized.of(path) + "' takes " + allow + ", not " + Sanitized.of(method.name()) + ".")
                .with("Allow", allow)
                .toException();
    }

    private static Optional<Map<String, String>> parameters(List<String> template, List<String> segments) {
        if (template.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < template.size(); i++) {
            String expected = template.get(i);
            String actual = segments.get(i);
            if (expected.startsWith("{")) {
                parameters.put(expected.substring(1, expected.length() - 1), actual);
            } else if (!expected.equals(actual)) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }
}
