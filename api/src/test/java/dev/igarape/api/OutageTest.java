package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.TestingApi;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Servers that go away and come back. */
class OutageTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Servers servers;
    private static TestingApi api;

    @BeforeAll
    static void start() throws IOException {
        servers = new Servers(Map.of(
                "IGARAPE_API_SCHEMA_MAX_AGE",
                "1ms",
                "IGARAPE_API_ACK_TIMEOUT",
                "3s",
                "IGARAPE_API_MAX_IN_FLIGHT",
                "3"));
        api = servers.api();
    }

    @AfterAll
    static void stop() throws IOException {
        servers.close();
    }

    @Test
    void isLiveAndSaysWhatIsDownWithoutServers() {
        try (TestingApi alone = new TestingApi(Map.of())) {
            assertThat(alone.get("/health/live").body()).isEqualTo("{\"status\":\"up\"}");
            HttpResponse<String> ready = alone.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(TestingApi.json(ready).get("detail").asText()).contains("from: kafka, registry.");
            HttpResponse<String> event = alone.post("/v1/topics/x", "{}");
            assertUnavailable(event, "kafka-unreachable");
            assertUnavailable(alone.get("/v1/schemas/x"), "registry-unavailable");
        }
    }

    @Test
    void isReadyWithServers() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<String> ready = api.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).isEqualTo("{\"status\":\"up\",\"kafka\":\"up\",\"registry\":\"up\"}");
        });
    }

    @Test
    void refusesWhileTheRegistryIsDown() {
        String topic = servers.topic();
        servers.registry().fail(true);
        try {
            assertUnavailable(api.post("/v1/topics/" + topic, Servers.CLICK), "registry-unavailable");
            assertUnavailable(api.post("/v1/schemas/" + topic + "-value", Servers.EVENT), "registry-unavailable");
            await().atMost(PATIENCE).untilAsserted(() -> {
                HttpResponse<String> ready = api.get("/health/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("from: registry.");
            });
        } finally {
            servers.registry().fail(false);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                api.post("/v1/topics/" + topic, Servers.CLICK).statusCode())
                        .isEqualTo(202));
    }

    @Test
    void acceptsNothingThatKafkaHasNotAcknowledged() {
        String topic = servers.topic();
        assertThat(api.post("/v1/topics/" + topic, Servers.CLICK).statusCode()).isEqualTo(202);
        servers.kafka().stop();
        try {
            assertUnavailable(api.post("/v1/topics/" + topic, Servers.CLICK), "kafka-unavailable");
        } finally {
            servers.kafka().start();
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                api.post("/v1/topics/" + topic, Servers.CLICK).statusCode())
                        .isEqualTo(202));
        assertThat(servers.kafka().read(topic)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void endsABatchThatFindsNoKafka() {
        String topic = servers.topic();
        String lines = (Servers.CLICK + "\n").repeat(2_000);
        assertThat(batch(topic, lines).statusCode()).isEqualTo(202);
        servers.kafka().stop();
        HttpResponse<String> response;
        try {
            response = batch(topic, lines);
        } finally {
            servers.kafka().start();
        }
        assertThat(response.statusCode()).isEqualTo(207);
        List<JsonNode> results = response.body().lines().map(TestingApi::json).toList();
        assertThat(results.get(0).get("status").asInt()).isEqualTo(503);
        assertThat(results.get(0).get("detail").asText()).contains("it may or may not have been written");
        JsonNode last = results.get(results.size() - 1);
        assertThat(results).hasSize(last.get("line").asInt()).hasSizeLessThan(2_001);
        // A batch that was taken whole before the first refusal came ends with its last line's own result.
        assertThat(last.get("line").asInt() == 2_000
                        || last.get("detail").asText().endsWith("This line and all behind it were not taken."))
                .as(last.toString())
                .isTrue();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(batch(topic, Servers.CLICK).statusCode()).isEqualTo(202));
        assertThat(servers.kafka().read(topic)).hasSizeBetween(2_001, 2_001 + results.size());
    }

    private static HttpResponse<String> batch(String topic, String lines) {
        return api.send(api.request("/v1/topics/" + topic + "/batch")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(lines))
                .build());
    }

    @Test
    void boundsHowManyRequestsAreUnderWay() {
        String topic = servers.topic();
        CountDownLatch gate = new CountDownLatch(1);
        servers.registry().holdUntil(gate);
        try {
            CompletableFuture<?>[] held = new CompletableFuture<?>[3];
            for (int i = 0; i < held.length; i++) {
                held[i] = api.postLater("/v1/topics/" + topic, Servers.CLICK)
                        .thenAccept(answer -> assertThat(answer.statusCode()).isEqualTo(202));
            }
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertUnavailable(api.get("/v1/random/insights?date=2024-01-01"), "too-busy"));
            assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
            gate.countDown();
            CompletableFuture.allOf(held).join();
        } finally {
            gate.countDown();
            servers.registry().holdUntil(new CountDownLatch(0));
        }
        assertThat(api.get("/v1/random/insights?date=2024-01-01").statusCode()).isEqualTo(200);
        assertThat(servers.kafka().read(topic)).hasSize(3);
    }

    private static void assertUnavailable(HttpResponse<String> response, String type) {
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
        JsonNode problem = TestingApi.json(response);
        assertThat(problem.get("type").asText()).isEqualTo("urn:igarape:problem:" + type);
        assertThat(problem.get("detail").asText()).contains("later");
    }
}
