package dev.igarape.bench.stream;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The HTTP API as a producer sees it.
 *
 * @param url without a path
 * @param token that may produce to the topic
 */
public record ApiClient(HttpClient http, String url, String token) {
    private static final String TOKEN_VARIABLE = "IGARAPE_API_TOKEN";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int ACCEPTED = 202;

    private ApiClient(String url, String token) {
        this(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build(), url, token);
    }

    /** The API of a target, with the token that {@code ./lake bench} hands over. */
    public static ApiClient of(Target target) {
        return new ApiClient(target.variables().get("EVENTS_API"), System.getenv(TOKEN_VARIABLE));
    }

    /** Posts a batch; what is returned completes when all of it is acknowledged, and fails if a part is not. */
    CompletableFuture<Void> post(String topic, List<Click> clicks) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/topics/" + topic + "/batch"))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(
                        clicks.stream().map(Click::json).collect(Collectors.joining("\n"))))
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenAccept(response -> {
            if (response.statusCode() != ACCEPTED) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "The HTTP API answers %d to a batch for topic %s: %s"
                                .formatted(response.statusCode(), topic, response.body()));
            }
        });
    }
}
