package dev.igarape.cli.demo.checked;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** HDFS over WebHDFS. */
public final class HdfsFiles implements LakeFiles {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int OK = 200;
    private static final int CREATED = 201;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String address;
    private final String user;

    /** @param address of the NameNode's web server, e.g. {@code http://127.0.0.1:9870} */
    public HdfsFiles(String address, String user) {
        this.address = address;
        this.user = user;
    }

    @Override
    public void put(String path, byte[] content) {
        // The NameNode says which DataNode takes the bytes.
        URI create = URI.create("%s/webhdfs/v1%s?op=CREATE&overwrite=true&noredirect=true&user.name=%s"
                .formatted(address, path, URLEncoder.encode(user, StandardCharsets.UTF_8)));
        try {
            HttpResponse<String> where = send(create, HttpRequest.BodyPublishers.noBody());
            if (where.statusCode() != OK) {
                throw unavailable(path, where.statusCode() + " " + where.body(), Optional.empty());
            }
            JsonNode location = Json.mapper().readTree(where.body()).path("Location");
            HttpResponse<String> answer =
                    send(URI.create(location.asText()), HttpRequest.BodyPublishers.ofByteArray(content));
            if (answer.statusCode() != CREATED) {
                throw unavailable(path, answer.statusCode() + " " + answer.body(), Optional.empty());
            }
        } catch (IOException e) {
            throw unavailable(path, String.valueOf(e.getMessage()), Optional.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private HttpResponse<String> send(URI address, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(address).timeout(TIMEOUT).PUT(body).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private LakeException unavailable(String path, String reason, Optional<IOException> cause) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot write %s to HDFS at %s: %s. Is it up? ./lake status tells.".formatted(path, address, reason),
                cause.orElse(null));
    }
}
