package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedServers.class)
class MetricsTest {
    @Test
    void countsRequestsRecordsAndRefusals(Servers servers) {
        String topic = servers.topic();
        try (TestingApi api = new TestingApi(servers.environment(Map.of()))) {
            api.post("/v1/topics/" + topic, Servers.CLICK);
            api.post("/v1/topics/" + topic, "{}");
            api.send(api.request("/v1/topics/" + topic + "/batch")
                    .header("Content-Type", "application/x-ndjson")
                    .POST(HttpRequest.BodyPublishers.ofString(Servers.CLICK + "\n{}\n" + Servers.CLICK))
                    .build());
            api.get("/nowhere");
            api.send(api.request("/health/live")
                    .method("BREW", HttpRequest.BodyPublishers.noBody())
                    .build());
            HttpResponse<String> response = api.get("/metrics");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith("text/plain; version=0.0.4");
            assertThat(response.body().lines())
                    .contains(
                            "igarape_api_produced_records_total{topic=\"" + topic + "\"} 3.0",
                            "igarape_api_refused_total{reason=\"does-not-fit-schema\"} 2.0",
                            "igarape_api_refused_total{reason=\"unknown-path\"} 1.0",
                            "igarape_api_requests_seconds_count{method=\"POST\",route=\"/v1/topics/{topic}\",status=\"202\"}"
                                    + " 1",
                            "igarape_api_requests_seconds_count{method=\"POST\",route=\"/v1/topics/{topic}\",status=\"422\"}"
                                    + " 1",
                            "igarape_api_requests_seconds_count{method=\"POST\",route=\"/v1/topics/{topic}/batch\",status=\"207\"}"
                                    + " 1",
                            "igarape_api_requests_seconds_count{method=\"GET\",route=\"none\",status=\"404\"} 1",
                            "igarape_api_requests_seconds_count{method=\"other\",route=\"none\",status=\"405\"} 1",
                            "igarape_api_in_flight_requests 0.0",
                            "igarape_api_in_flight_bytes 0.0")
                    .anyMatch(line -> line.startsWith("igarape_api_requests_seconds_bucket{"))
                    .anyMatch(line -> line.matches("igarape_api_connections [1-9].*"))
                    .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
        }
    }
}
