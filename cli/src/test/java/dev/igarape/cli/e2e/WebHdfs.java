package dev.igarape.cli.e2e;

import dev.igarape.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** Puts files on a stack's HDFS, as whoever delivers them does. */
public final class WebHdfs {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String address;

    private WebHdfs(String address) {
        this.address = address;
    }

    /** @param state of the stack */
    public static WebHdfs of(Path state) throws IOException {
        int port = Json.mapper()
                .readTree(state.resolve("ports.json").toFile())
                .get("hdfs-http")
                .asInt();
        return new WebHdfs("http://127.0.0.1:" + port + "/webhdfs/v1");
    }

    /** Where a path is, to be followed by an operation. */
    public String of(String path) {
        return address + path;
    }

    /** Creates a file, or replaces it. */
    public void put(String path, byte[] content) throws IOException, InterruptedException {
        URI create = URI.create(
                of(path) + "?op=CREATE&overwrite=true&noredirect=true&user.name=" + System.getProperty("user.name"));
        HttpResponse<String> redirect = HTTP.send(
                HttpRequest.newBuilder(create)
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        URI where = URI.create(
                Json.mapper().readTree(redirect.body()).get("Location").asText());
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(where)
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new AssertionError(path + " was not created: " + answer.statusCode() + " " + answer.body());
        }
    }
}
