package dev.igarape.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServers.class)
class BatchRouteTest {
    private static Servers servers;
    private static TestingApi api;

    @BeforeAll
    static void start(Servers shared) {
        servers = shared;
        api = shared.api();
    }

    @Test
    void writesEveryLineInOrder() {
        String topic = servers.topic();
        int lines = 3_000;
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            body.append(Servers.CLICK.replace("ana", "ana" + i)).append('\n');
        }
        HttpResponse<String> response = batch(topic, body.toString());
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/x-ndjson");
        List<String> results = response.body().lines().toList();
        assertThat(results).hasSize(lines);
        for (int i = 0; i < lines; i++) {
            assertThat(results.get(i))
                    .isEqualTo("{\"line\":" + (i + 1) + ",\"status\":202,\"partition\":0,\"offset\":" + i + "}");
        }
        List<String> names = names(topic);
        assertThat(names).hasSize(lines);
        assertThat(names.get(lines - 1)).isEqualTo("ana" + (lines - 1));
    }

    @Test
    void tellsEachLineItsOwnFateAndStopsForNone() {
        String topic = servers.topic();
        HttpResponse<String> response = batch(
                topic,
                String.join(
                        "\r\n",
                        Servers.CLICK,
                        "",
                        "{\"username\":5}",
                        "{\"a\":",
                        "NaN",
                        Servers.CLICK.replace("}", ",\"clicks\":9223372036854775808}"),
                        Servers.CLICK.replace("}", ",\"page\":\"/again\"}"),
                        "[".repeat(10_000),
                        "x".repeat((1 << 20) + 1),
                        Servers.CLICK));
        assertThat(response.statusCode()).isEqualTo(207);
        List<JsonNode> results = results(response);
        assertThat(results)
                .extracting(result ->
                        result.get("line").asInt() + " " + result.get("status").asInt())
                .containsExactly("1 202", "3 422", "4 400", "5 400", "6 422", "7 400", "8 400", "9 413", "10 202");
        assertThat(results.get(1).get("type").asText()).isEqualTo("urn:igarape:problem:does-not-fit-schema");
        assertThat(results.get(1).get("errors").findValuesAsText("pointer")).contains("/username", "/page");
        assertThat(results.get(4).get("errors").findValuesAsText("pointer")).containsExactly("/clicks");
        assertThat(servers.kafka().read(topic)).hasSize(2);
    }

    @Test
    void takesKeysOutOfTheLines() {
        String topic = servers.topic();
        HttpResponse<String> response = api.send(api.request("/v1/topics/" + topic + "/batch?key_field=note")
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(String.join(
                        "\n",
                        Servers.CLICK.replace("}", ",\"note\":\"\u00e7\"}"),
                        Servers.CLICK.replace("}", ",\"note\":null}"),
                        Servers.CLICK)))
                .build());
        assertThat(results(response))
                .extracting(result -> result.get("status").asInt())
                .containsExactly(202, 422, 422);
        assertThat(results(response).get(2).get("detail").asText())
                .isEqualTo("The key is to be the message's 'note', which is missing, null or no single value."
                        + " Give it one, or choose another.");
        assertThat(servers.kafka().read(topic))
                .singleElement()
                .satisfies(message -> assertThat(message.key()).isEqualTo("\u00e7".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesBytesThatAreNoUtf8OnTheirLineOnly() {
        String topic = servers.topic();
        byte[] body = (Servers.CLICK.replace("ana", "jos\u00e9") + "\n" + Servers.CLICK)
                .getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<String> response = api.send(batching(topic)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
        assertThat(results(response))
                .extracting(result -> result.get("status").asInt())
                .containsExactly(400, 202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "GZIP"})
    void undoesGzip(String encoding) {
        String topic = servers.topic();
        HttpResponse<String> response = api.send(batching(topic)
                .header("Content-Encoding", encoding)
                .POST(HttpRequest.BodyPublishers.ofByteArray(zip((Servers.CLICK + "\n").repeat(4_000))))
                .build());
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body().lines()).hasSize(4_000);
        assertThat(servers.kafka().read(topic)).hasSize(4_000);
    }

    @Test
    void cutsAGzipBombAtTheDecompressedLimit() {
        String topic = servers.topic();
        HttpResponse<String> blank = api.send(batching(topic)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(zip("\n".repeat(100 << 20))))
                .build());
        assertThat(blank.statusCode()).isEqualTo(413);
        assertThat(TestingApi.json(blank).get("detail").asText())
                .isEqualTo("A body may have 16777216 bytes, decompressed. Send less, or raise IGARAPE_API_MAX_BATCH.");
        HttpResponse<String> single = api.send(api.request("/v1/topics/" + topic)
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(zip(" ".repeat(100 << 20))))
                .build());
        assertThat(single.statusCode()).isEqualTo(413);
        assertThat(servers.kafka().read(topic)).isEmpty();
    }

    @Test
    void saysFromWhichLineOnABrokenBodyWasNotTaken() {
        String topic = servers.topic();
        byte[] zipped = zip((Servers.CLICK + "\n").repeat(3_000) + "{\"half");
        HttpResponse<String> response = api.send(batching(topic)
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Arrays.copyOf(zipped, zipped.length - 4)))
                .build());
        assertThat(response.statusCode()).isEqualTo(207);
        List<JsonNode> results = results(response);
        assertThat(results).hasSize(3_001);
        JsonNode last = results.get(3_000);
        assertThat(last.get("line").asInt()).isEqualTo(3_001);
        assertThat(last.get("status").asInt()).isEqualTo(400);
        assertThat(last.get("type").asText()).isEqualTo("urn:igarape:problem:broken-gzip");
        assertThat(last.get("detail").asText()).endsWith("This line and all behind it were not taken.");
        assertThat(servers.kafka().read(topic)).hasSize(3_000);
    }

    @Test
    void refusesWholeWhatHasNoLineOrNoTopic() {
        HttpResponse<String> empty = batch(servers.topic(), "\n \n");
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(TestingApi.json(empty).get("type").asText()).isEqualTo("urn:igarape:problem:empty-batch");
        assertThat(batch("nowhere", Servers.CLICK).statusCode()).isEqualTo(404);
        assertThat(batch("_hidden", Servers.CLICK).statusCode()).isEqualTo(400);
        assertThat(batch(".hidden", Servers.CLICK).statusCode()).isEqualTo(400);
        HttpResponse<String> json = api.post("/v1/topics/x/batch", "{}");
        assertThat(json.statusCode()).isEqualTo(415);
        assertThat(TestingApi.json(json).get("detail").asText()).contains("Content-Type: application/x-ndjson");
    }

    @Test
    void refusesAnAnnouncedBatchOverTheLimitBeforeItComes() {
        String answer = api.raw("POST /v1/topics/x/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                + "Content-Length: 16777217\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 413 ").contains("A body may have 16777216 bytes.");
    }

    @Test
    void takesMuchMoreThanItHoldsAtOnce() {
        String topic = servers.topic();
        String line = Servers.CLICK.replace("ana", "a".repeat(10_000)) + "\n";
        try (TestingApi small = new TestingApi(servers.environment(
                Map.of("IGARAPE_API_MAX_BODY", "16KiB", "IGARAPE_API_MAX_IN_FLIGHT_BYTES", "3MiB")))) {
            HttpResponse<String> response = small.send(small.request("/v1/topics/" + topic + "/batch")
                    .header("Content-Type", "application/x-ndjson")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(zip(line.repeat(1_500))))
                    .build());
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(response.body().lines()).hasSize(1_500);
        }
        assertThat(servers.kafka().read(topic)).hasSize(1_500);
    }

    @Test
    void givesBackAllThatABatchHeld() {
        String topic = servers.topic();
        String lines = (Servers.CLICK + "\n").repeat(2_000);
        try (TestingApi small = new TestingApi(servers.environment(
                Map.of("IGARAPE_API_MAX_IN_FLIGHT_BYTES", "2MiB", "IGARAPE_API_MAX_IN_FLIGHT", "1")))) {
            for (int i = 0; i < 5; i++) {
                HttpResponse<String> response = small.send(small.request("/v1/topics/" + topic + "/batch")
                        .header("Content-Type", "application/x-ndjson")
                        .POST(HttpRequest.BodyPublishers.ofString(lines))
                        .build());
                assertThat(response.statusCode()).isEqualTo(202);
            }
        }
    }

    private static HttpRequest.Builder batching(String topic) {
        return api.request("/v1/topics/" + topic + "/batch").header("Content-Type", "application/x-ndjson");
    }

    private static HttpResponse<String> batch(String topic, String lines) {
        return api.send(
                batching(topic).POST(HttpRequest.BodyPublishers.ofString(lines)).build());
    }

    private static List<JsonNode> results(HttpResponse<String> response) {
        return response.body().lines().map(TestingApi::json).toList();
    }

    /** The first field of each message, a string. */
    private static List<String> names(String topic) {
        return servers.kafka().read(topic).stream()
                .map(message -> new String(message.value(), 6, message.value()[5] >> 1, StandardCharsets.UTF_8))
                .toList();
    }

    private static byte[] zip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
