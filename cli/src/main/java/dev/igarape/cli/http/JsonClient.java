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

/** Talks JSON with one server. */
public final class JsonClient {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

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
     * An answer.
     *
     * @param body missing where the server sent no JSON
     */
    public record Answer(int status, JsonNode body, String text) {
        public boolean ok() {
            return status / 100 == 2;
        }
    }

    public Answer get(String path) {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    public Answer post(String path, Object body) {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(json(body)));
    }

    public Answer patch(String path, Object body) {
        return send("PATCH", path, HttpRequest.BodyPublishers.ofString(json(body)));
    }

    /** The error that an answer stands for. */
    public LakeException failure(String purpose, Answer answer) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot %s: the %s at %s answers %d %s"
                        .formatted(
                                purpose,
                                server,
                                base,
                                answer.status(),
                                answer.text().strip()));
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .method(method, body)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json");
        headers.forEach(request::setHeader);
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(answer.statusCode(), parsed(answer.body()), answer.body());
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

    private static JsonNode parsed(String text) {
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
