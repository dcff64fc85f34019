package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import dev.igarape.api.testing.TestingRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServers.class)
class StopTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void answersWhatIsUnderWayAndRefusesWhatIsNew(Servers servers) throws IOException {
        String topic = servers.topic();
        CountDownLatch gate = new CountDownLatch(1);
        try (TestingRegistry registry = new TestingRegistry()) {
            registry.register(topic + "-value", Servers.EVENT);
            registry.holdUntil(gate);
            TestingApi api = new TestingApi(servers.environment(Map.of("SCHEMA_REGISTRY_URL", registry.url())));
            List<CompletableFuture<HttpResponse<String>>> underWay = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                underWay.add(api.postLater("/v1/topics/" + topic, Servers.CLICK));
            }
            await().atMost(PATIENCE).until(() -> registry.calls() > 0);
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(api::close);
            await().atMost(PATIENCE).untilAsserted(() -> {
                HttpResponse<String> refused = api.get("/health/ready");
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).contains("urn:igarape:problem:stopping");
                assertThat(refused.headers().firstValue("Connection")).contains("close");
            });
            assertThat(stopped).isNotDone();
            gate.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : underWay) {
                assertThat(answer.join().statusCode()).isEqualTo(202);
            }
            stopped.join();
            assertThat(servers.kafka().read(topic)).hasSize(5);
            api.close();
        }
    }

    @Test
    void putsEveryAcceptedEventIntoKafka(Servers servers) {
        String topic = servers.topic();
        TestingApi api = new TestingApi(servers.environment(Map.of()));
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(api.postLater("/v1/topics/" + topic, Servers.CLICK)
                    .handle((answer, failure) -> failure == null ? answer.statusCode() : 0));
        }
        await().atMost(PATIENCE)
                .until(() -> answers.stream().filter(CompletableFuture::isDone).count() > 100);
        api.close();
        long accepted = answers.stream().filter(answer -> answer.join() == 202).count();
        assertThat(accepted).isGreaterThan(100);
        assertThat(servers.kafka().read(topic)).hasSize((int) accepted);
    }

    @Test
    void putsEveryAcceptedEventIntoKafkaBeforeSigtermEndsTheProcess(Servers servers) throws Exception {
        String topic = servers.topic();
        Path log = Files.createTempFile("igarape-api", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ApiServer.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(servers.environment(Map.of("IGARAPE_API_PORT", "0", "IGARAPE_API_OPEN", "true")));
        Process process = builder.start();
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        List<CompletableFuture<Void>> answers = new ArrayList<>();
        try {
            await().atMost(PATIENCE).until(() -> Files.readString(log).contains("Listening on http://"));
            Matcher address = Pattern.compile("Listening on (http://\\S+)").matcher(Files.readString(log));
            assertThat(address.find()).isTrue();
            URI uri = URI.create(address.group(1) + "/v1/topics/" + topic);
            HttpClient client = HttpClient.newHttpClient();
            for (int i = 0; i < 2_000; i++) {
                String name = "single-" + i;
                answers.add(send(client, uri, "application/json", event(name)).thenAccept(answer -> {
                    if (answer.statusCode() == 202) {
                        accepted.add(name);
                    }
                }));
            }
            for (int i = 0; i < 20; i++) {
                String name = "batch-" + i + "-";
                StringBuilder lines = new StringBuilder();
                for (int line = 1; line <= 500; line++) {
                    lines.append(event(name + line)).append('\n');
                }
                answers.add(send(client, URI.create(uri + "/batch"), "application/x-ndjson", lines.toString())
                        .thenAccept(answer -> {
                            if (answer.statusCode() / 100 == 2) {
                                answer.body()
                                        .lines()
                                        .map(TestingApi::json)
                                        .filter(result -> result.get("status").asInt() == 202)
                                        .forEach(result -> accepted.add(
                                                name + result.get("line").asInt()));
                            }
                        }));
            }
            await().atMost(PATIENCE).until(() -> accepted.size() > 300);
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        answers.forEach(answer -> answer.exceptionally(cut -> null).join());
        List<String> written = servers.kafka().read(topic).stream()
                .map(message -> new String(message.value(), 6, message.value()[5] >> 1, StandardCharsets.UTF_8))
                .toList();
        assertThat(written).doesNotHaveDuplicates().containsAll(accepted);
        assertThat(Files.readString(log)).contains("Stopping: ", "Stopped").doesNotContain("ERROR");
        Files.delete(log);
    }

    private static CompletableFuture<HttpResponse<String>> send(HttpClient client, URI uri, String type, String body) {
        return client.sendAsync(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static String event(String name) {
        return Servers.CLICK.replace("ana", name);
    }
}
