package dev.igarape.cli.e2e;

import dev.igarape.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** The HTTP API of a running stack, asked by who has its token. */
public final class ApiStack {
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final String token;

    /** @param state the stack's state folder */
    public ApiStack(Path state) throws IOException {
        this.port = Json.mapper()
                .readTree(state.resolve("ports.json").toFile())
                .path("api")
                .asInt();
        this.token = Json.mapper()
                .readTree(state.resolve("credentials.json").toFile())
                .path("api/token")
                .asText();
    }

    int port() {
        return port;
    }

    String token() {
        return token;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    public HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        return post(path, json.getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<String> post(String path, byte[] json) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }
}
