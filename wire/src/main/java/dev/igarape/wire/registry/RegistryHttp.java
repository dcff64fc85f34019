package dev.igarape.wire.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The HTTP client of Confluent's registry API: it fails over between servers, retries with backoff, and turns error
 * responses into exceptions. All requests are idempotent. Thread-safe.
 */
final class RegistryHttp {
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistrySettings settings;
    private final HttpClient http;
    private volatile int preferred;

    RegistryHttp(RegistrySettings settings) {
        this.settings = settings;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    /**
     * @param what the request in words, as an infinitive, for messages: "register a schema under `orders-value`"
     * @return the body of a 2xx answer
     */
    JsonNode send(String method, String path, Optional<JsonNode> body, String what) {
        Failure last = null;
        for (int attempt = 0; attempt <= settings.maxRetries(); attempt++) {
            if (attempt > 0) {
                pause(attempt, what);
            }
            for (int i = 0; i < settings.urls().size(); i++) {
                int index = (preferred + i) % settings.urls().size();
                String url = settings.urls().get(index);
                try {
                    HttpResponse<String> response = exchange(method, url + path, body);
                    if (!retryable(response.statusCode())) {
                        preferred = index;
                        return answer(response, url, what);
                    }
                    last = Failure.of(url, response);
                } catch (IOException e) {
                    last = Failure.of(url, e);
                } catch (InterruptedException e) {
                    throw interrupted(what, e);
                }
            }
        }
        throw unavailable(last, what);
    }

    private HttpResponse<String> exchange(String method, String url, Optional<JsonNode> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(settings.readTimeout())
                .header("Accept", MEDIA_TYPE + ", application/json")
                .method(
                        method,
                        body.map(json -> BodyPublishers.ofString(json.toString()))
                                .orElse(BodyPublishers.noBody()));
        body.ifPresent(json -> request.header("Content-Type", MEDIA_TYPE));
        settings.authorization().ifPresent(value -> request.header("Authorization", value));
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static boolean retryable(int status) {
        return status == 429 || status >= 500;
    }

    private void pause(int attempt, String what) {
        Duration wait = settings.retryWait().multipliedBy(1L << Math.min(attempt - 1, 16));
        long millis = Math.min(wait.toMillis(), settings.retryMaxWait().toMillis());
        // Half of it by chance, so that many clients of one registry do not come back all at once.
        long jittered = millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
        try {
            Thread.sleep(jittered);
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private static RegistryUnavailableException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new RegistryUnavailableException(
                0, 0, "Cannot " + what + ": interrupted while waiting for the registry.", e);
    }

    private RegistryUnavailableException unavailable(Failure last, String what) {
        return new RegistryUnavailableException(
                last.status(),
                last.errorCode(),
                "Cannot " + what + ": the schema registry at " + last.url() + " " + last.problem() + ", after "
                        + (settings.maxRetries() + 1) + " tries. Start the registry or mend `" + RegistrySettings.URL
                        + "`, then try again.",
                last.cause());
    }

    private static JsonNode answer(HttpResponse<String> response, String url, String what) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            try {
                return JSON.readTree(response.body());
            } catch (JsonProcessingException e) {
                throw new SchemaRegistryException(
                        status,
                        status,
                        "Cannot " + what + ": " + url + " answered " + status
                                + " with something that is not JSON. Check that `" + RegistrySettings.URL
                                + "` names the root of the registry's Confluent API.",
                        e);
            }
        }
        Failure failure = Failure.of(url, response);
        String message = "Cannot " + what + ": the schema registry at " + url + " " + failure.problem() + ".";
        switch (failure.errorCode()) {
            case 40401, 40402, 40403:
                throw new SchemaNotFoundException(failure.errorCode(), message);
            default:
                break;
        }
        if (status == 409) {
            throw new IncompatibleSchemaException(failure.errorCode(), message);
        }
        if (status == 401 || status == 403) {
            message += " Check `" + RegistrySettings.CREDENTIALS_SOURCE + "` and `" + RegistrySettings.USER_INFO
                    + "`, and the rights of that user.";
        }
        throw new SchemaRegistryException(status, failure.errorCode(), message);
    }

    /** A failed request to one server. */
    private record Failure(String url, int status, int errorCode, String problem, Throwable cause) {

        static Failure of(String url, IOException e) {
            String message = e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
            return new Failure(url, 0, 0, "cannot be reached: " + e.getClass().getSimpleName() + message, e);
        }

        static Failure of(String url, HttpResponse<String> response) {
            int status = response.statusCode();
            int code = status;
            String detail = "";
            try {
                JsonNode body = JSON.readTree(response.body());
                code = body.path("error_code").asInt(status);
                detail = body.path("message").asText("");
            } catch (JsonProcessingException e) {
                // A proxy's page, say: the status has to do.
            }
            String problem = "answered " + status + (code == status ? "" : " (" + code + ")")
                    + (detail.isBlank() ? "" : ": " + detail);
            return new Failure(url, status, code, problem.replaceAll("[.\\s]+$", ""), null);
        }
    }
}
