package dev.igarape.api.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.igarape.api.ApiConfig;
import dev.igarape.api.ApiServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The service on a free port, with a real HTTP client. An answer that {@code openapi.json} lacks fails the test. */
public final class TestingApi implements AutoCloseable {
    /** Where nobody listens: port 1 needs rights that no server here has. */
    public static final String NOWHERE = "127.0.0.1:1";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final ApiServer server;
    private final int port;

    /** @param environment on top of: free port, open to all, no Kafka, no registry */
    public TestingApi(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(Map.of(
                "IGARAPE_API_PORT",
                "0",
                "KAFKA_BOOTSTRAP_SERVERS",
                NOWHERE,
                "SCHEMA_REGISTRY_URL",
                "http://" + NOWHERE));
        all.putAll(environment);
        all.putIfAbsent("IGARAPE_API_OPEN", Boolean.toString(!environment.containsKey("IGARAPE_API_TOKENS_FILE")));
        server = new ApiServer(ApiConfig.from(all));
        port = server.start();
    }

    public int port() {
        return port;
    }

    public HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + address))
                .timeout(Duration.ofSeconds(40));
    }

    public HttpResponse<String> get(String address) {
        return send(request(address).build());
    }

    public HttpResponse<String> post(String address, String json) {
        return send(posting(address, json));
    }

    public CompletableFuture<HttpResponse<String>> postLater(String address, String json) {
        return client.sendAsync(posting(address, json), HttpResponse.BodyHandlers.ofString())
                .thenApply(OpenApiContract::check);
    }

    public HttpRequest posting(String address, String json) {
        return request(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
    }

    public HttpResponse<String> send(HttpRequest request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return OpenApiContract.check(client.send(request, handler));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends exactly these characters and returns all that comes until the server closes. */
    public String raw(String text) {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(HttpResponse<String> response) {
        return json(response.body());
    }

    public static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
