package dev.igarape.cli.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** An HTTP client of one server that speaks JSON. */
public final class JsonClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient client;
    private final String server;
    private final String base;
    private final Map<String, String> headers;

    private JsonClient(HttpClient client, String server, String base, Map<String, String> headers) {
        this.client = client;
        this.server = server;
        this.base = base;
        this.headers = headers;
    }

    /**
     * @param server what messages call it
     * @param base URL without a trailing slash
     */
    public static JsonClient to(String server, String base) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return new JsonClient(client, server, base, Map.of());
    }

    /** The same server, with a header in every request. */
    public JsonClient with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new JsonClient(client, server, base, more);
    }

    /**
     * A response.
     *
     * @param body missing where the server sent no JSON
     */
    public record Response(int status, JsonNode body, String text) {
        public boolean ok() {
            return status / 100 == 2;
        }
    }

    public Response get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    public Response post(String path, Object body) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(json(body)));
    }

    public Response put(String path, Object body) {
        return send("PUT", path, HttpRequest.BodyPublishers.ofString(json(body)));
    }

    public Response delete(String path) {
        return send("DELETE", path, HttpRequest.BodyPublishers.noBody());
    }

    public Response patch(String path, Object body) {
        return send("PATCH", path, HttpRequest.BodyPublishers.ofString(json(body)));
    }

    /** The error for a response that was not expected. */
    public LakeException failure(String purpose, Response response) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot %s: the %s at %s answers %d %s"
                        .formatted(
                                purpose,
                                server,
                                base,
                                response.status(),
                                response.text().strip()));
    }

    private Response send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .method(method, body)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json");
        headers.forEach(request::setHeader);
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Response(response.statusCode(), parse(response.body()), response.body());
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The %s at %s does not answer: %s. Is the stack up? ./lake status tells."
                            .formatted(server, base, e),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static String json(Object value) {
        try {
            return Json.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
