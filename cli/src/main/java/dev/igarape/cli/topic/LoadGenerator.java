package dev.igarape.cli.topic;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;
import org.apache.avro.Schema;

/** A load generator: sends random events to a topic, one by one through the HTTP API. */
public final class LoadGenerator {
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(5);

    private final JsonClient api;
    private final SchemaRegistryClient registry;
    private final Progress progress;

    public LoadGenerator(JsonClient api, SchemaRegistryClient registry, Progress progress) {
        this.api = api;
        this.registry = registry;
        this.progress = progress;
    }

    /** Sends this many events; returns how many were acknowledged, which is all of them. */
    public long send(String topic, long count, RateLimiter limiter, Random random) {
        RandomEvents events = new RandomEvents(schema(topic), random, Clock.systemUTC());
        String path = "/v1/topics/" + URLEncoder.encode(topic, StandardCharsets.UTF_8);
        long start = System.nanoTime();
        long reported = start;
        for (long sent = 0; sent < count; sent++) {
            limiter.acquire(start, sent);
            JsonClient.Response response = api.post(path, events.next());
            if (response.status() != 202) {
                throw rejection(topic, response, sent);
            }
            if (System.nanoTime() - reported > REPORT_INTERVAL.toNanos()) {
                progress.step("Sent %d events to %s".formatted(sent + 1, topic));
                reported = System.nanoTime();
            }
        }
        return count;
    }

    private Schema schema(String topic) {
        try {
            return registry.latest(topic + "-value").schema();
        } catch (SchemaNotFoundException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Topic '%s' has no schema: the registry has no subject %s-value. Register one: ./lake schema register %s-value, if a pipeline has %s.avsc; otherwise POST /v1/schemas/%s-value."
                            .formatted(topic, topic, topic, topic, topic),
                    e);
        }
    }

    private LakeException rejection(String topic, JsonClient.Response response, long sent) {
        String detail = response.body().path("detail").asText(response.text().strip());
        ExitCode code = switch (response.status()) {
            case 400, 401, 403, 404 -> ExitCode.USAGE;
            case 422 -> ExitCode.DEFINITION;
            default -> ExitCode.UNAVAILABLE;
        };
        return new LakeException(
                code,
                "Sent %d events; the HTTP API refuses the next one for topic %s with %d: %s"
                        .formatted(sent, topic, response.status(), detail));
    }
}
