package dev.igarape.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The demo's events: the same for each date, sent one by one through the HTTP API. Each has a key of its own, which tells
 * which of them the topic holds, so that none is sent twice even after a demo was killed.
 */
final class Events {
    private static final int SEED = 7;
    private static final int ATTEMPTS = 5;
    private static final int SENDERS = 4;

    private final Workspace workspace;
    private final Target target;
    private final Progress progress;
    private final JsonClient api;

    Events(Workspace workspace, Target target, String apiToken, Progress progress) {
        this.workspace = workspace;
        this.target = target;
        this.progress = progress;
        this.api = JsonClient.to("HTTP API", target.variables().get("EVENTS_API"))
                .with("Authorization", "Bearer " + apiToken);
    }

    /** Registers the schema of a topic's values; the same schema again changes nothing. */
    void register(String topic, Path schema) {
        JsonClient registry = JsonClient.to("schema registry", target.registry().get("schema.registry.url"));
        try {
            JsonClient.Response response = registry.with("Content-Type", "application/vnd.schemaregistry.v1+json")
                    .post("/subjects/" + topic + "-value/versions", Map.of("schema", Files.readString(schema)));
            if (!response.ok()) {
                throw registry.failure("register " + schema, response);
            }
            progress.step("Schema of %s has id %d"
                    .formatted(topic, response.body().path("id").asInt()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends the events of this date that the topic does not hold yet. */
    void send(String topic, LocalDate date, int count) {
        Topic kafka = new Topic(topic, target.kafka());
        String holds = kafka.createIfMissing() + " " + count;
        Path marker = workspace.state().resolve("demo/" + topic + "-" + date);
        if (holds.equals(read(marker))) {
            progress.step("Topic %s has its %d events of %s".formatted(topic, count, date));
            return;
        }
        List<JsonNode> events = events(topic, date, count);
        String prefix = "demo-" + date + "-";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Set<String> present = kafka.keys(prefix);
            List<Callable<Boolean>> missing = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                String key = prefix + i;
                JsonNode event = events.get(i);
                if (!present.contains(key)) {
                    missing.add(() -> post(topic, key, event));
                }
            }
            if (missing.isEmpty()) {
                write(marker, holds);
                return;
            }
            progress.step("Sending %d events of %s to %s%s"
                    .formatted(
                            missing.size(),
                            date,
                            topic,
                            present.isEmpty() ? "" : ", which holds " + present.size() + " of them"));
            sendAll(missing);
        }
        throw new LakeException(
                ExitCode.UNAVAILABLE,
                "Topic %s still lacks events after %d attempts. ./lake logs api tells why; then run the demo again."
                        .formatted(topic, ATTEMPTS));
    }

    private List<JsonNode> events(String topic, LocalDate date, int count) {
        JsonClient.Response response =
                api.get("/v1/random/%s?date=%s&count=%d&seed=%d".formatted(topic, date, count, SEED));
        if (!response.ok()) {
            throw api.failure("make events for " + topic, response);
        }
        List<JsonNode> events = new ArrayList<>();
        response.body().forEach(events::add);
        return events;
    }

    /** Whether the API acknowledged it; if not, the topic's keys tell whether it arrived all the same. */
    private boolean post(String topic, String key, JsonNode event) {
        JsonClient.Response response =
                api.post("/v1/topics/" + topic + "?key=" + URLEncoder.encode(key, StandardCharsets.UTF_8), event);
        if (response.status() == 503) {
            return false;
        }
        if (response.status() != 202) {
            throw api.failure("send an event to " + topic, response);
        }
        return true;
    }

    private static void sendAll(List<Callable<Boolean>> posts) {
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try {
            for (Future<Boolean> post : senders.invokeAll(posts)) {
                post.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LakeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            senders.shutdownNow();
        }
    }

    private static String read(Path marker) {
        try {
            return Files.exists(marker) ? Files.readString(marker) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path marker, String text) {
        try {
            Files.createDirectories(marker.getParent());
            Files.writeString(marker, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
