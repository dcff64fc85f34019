package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import dev.igarape.api.testing.TestingRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
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
}
