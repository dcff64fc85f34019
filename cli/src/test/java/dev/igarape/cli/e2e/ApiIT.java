package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP API as the stack runs it, before its real broker and registry, asked by those who mean it no good. */
@Order(3)
@ExtendWith(DemoStack.class)
final class ApiIT {
    private static final String SCHEMA = """
            {"type": "record", "name": "Fuzzed", "fields": [
              {"name": "name", "type": "string"}, {"name": "count", "type": "long", "default": 0}]}""";

    private static final int FUZZ_EXAMPLES = 25;

    private static ApiStack api;

    @BeforeAll
    static void find() throws Exception {
        api = new ApiStack(DemoStack.STATE);
    }

    @Test
    void schemathesisFindsNoBugAndNoUndocumentedAnswer(@TempDir Path folder) throws Exception {
        makeTopic("fuzzed");
        ObjectNode document =
                (ObjectNode) Json.mapper().readTree(api.get("/openapi").body());
        // Most topics do not exist, and nearly nothing fits the schema of one that does: let it find both.
        ObjectNode topic = (ObjectNode) document.at("/components/schemas/TopicName");
        topic.remove("pattern");
        topic.putArray("enum").add("fuzzed").add("nowhere");
        JsonNode fitting = Json.mapper().readTree("""
                {"type": "object", "required": ["name"], "additionalProperties": false,
                 "properties": {"name": {"type": "string"}, "count": {"type": "integer", "format": "int64"}}}""");
        ((ObjectNode) document.at("/paths/~1v1~1topics~1{topic}/post/requestBody/content/application~1json"))
                .set("schema", fitting);
        ((ObjectNode) document.at("/paths/~1v1~1topics~1{topic}~1batch/post/requestBody/content/application~1x-ndjson"))
                .putObject("schema")
                .put("type", "array")
                .put("minItems", 1)
                .set("items", fitting);
        Path file = Files.writeString(folder.resolve("openapi.json"), document.toString());
        // A batch refuses lines, not itself; and no JSON Schema keeps random schemas from defining a name twice.
        Files.writeString(folder.resolve("schemathesis.toml"), """
                [[operations]]
                include-operation-id = "publishBatch"
                checks.negative_data_rejection.expected-statuses = ["207", "4xx"]

                [[operations]]
                include-operation-id = "registerSchema"
                phases.fuzzing.checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "409", "422"]
                phases.stateful.checks.positive_data_acceptance.expected-statuses = ["2xx", "401", "403", "409", "422"]
                """);
        List<String> line = List.of(
                Tools.python().resolveSibling("schemathesis").toString(),
                "run",
                file.toString(),
                "--url",
                "http://127.0.0.1:" + api.port(),
                "--header",
                "Authorization: Bearer " + api.token(),
                "--checks",
                "all",
                "--phases",
                "examples,coverage,fuzzing,stateful",
                "--max-examples",
                Integer.toString(FUZZ_EXAMPLES),
                "--seed",
                "7",
                "--no-color");
        String hooks = Path.of(ApiIT.class.getResource("schemathesis_hooks.py").toURI())
                .toString();
        // Where it stands it leaves what it has found.
        LakeCommand anywhere = DemoStack.LAKE.in(folder);
        LakeCommand.Result result =
                anywhere.execute(line, Map.of("SCHEMATHESIS_HOOKS", hooks)).succeeded();
        assertThat(result.out()).as("the stateful phase").containsPattern("API Links: +[1-9]");
        assertThat(records("fuzzed")).isPositive();
    }

    @Test
    void badInputGetsAProblemAndNothingIsWritten() throws Exception {
        makeTopic("hostile");
        assertThat(answers("/v1/topics/hostile", "{\"name\":", "{\"name\":\"a\",\"name\":\"b\"}", "[".repeat(10_000)))
                .containsExactly(400, 400, 400);
        assertThat(answers("/v1/topics/hostile", "{\"name\":NaN}", "{\"name\":\"a\",\"count\":9223372036854775808}"))
                .containsExactly(400, 422);
        byte[] latin = "{\"name\":\"jos\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(problem(api.post("/v1/topics/hostile", latin))).isEqualTo(400);
        assertThat(problem(api.post("/v1/topics/hostile", "{\"name\":\"" + "x".repeat(10 << 20) + "\"}")))
                .isEqualTo(413);
        for (String name : List.of("_x", ".x", "..%2Fx", "x%00", "a%252Fb", "caf%C3%A9", "-x", "x".repeat(250))) {
            assertThat(answers("/v1/topics/" + name, "{}")).as(name).containsExactly(400);
            assertThat(answers("/v1/schemas/" + name + "-value", SCHEMA))
                    .as(name)
                    .containsExactly(400);
        }
        assertThat(records("hostile")).isZero();
        assertThat(answers("/v1/topics/hostile", "{\"name\":\"a\",\"count\":9223372036854775807}"))
                .containsExactly(202);
        assertThat(records("hostile")).isEqualTo(1);
    }

    @Test
    void foreignAndExpiredTokensAreRefused() throws Exception {
        Path file = DemoStack.STATE.resolve("conf/api/tokens.json");
        String before = Files.readString(file);
        ObjectNode tokens = (ObjectNode) Json.mapper().readTree(before);
        ObjectNode expired = ((ArrayNode) tokens.get("tokens")).get(0).deepCopy();
        expired.put("name", "gone").put("expires", "2024-01-01T00:00:00Z");
        // Of "abc".
        expired.put("sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        ((ArrayNode) tokens.get("tokens")).add(expired);
        try {
            Files.writeString(file, tokens.toString());
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(as("abc").body()).contains("urn:igarape:problem:expired-token"));
        } finally {
            Files.writeString(file, before);
        }
        assertThat(as("x" + api.token()).body()).contains("urn:igarape:problem:bad-token");
    }

    @Test
    void itAnswersBesideFiveThousandIdleConnections() throws Exception {
        makeTopic("besides");
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 5_000; i++) {
                idle.add(new Socket("127.0.0.1", api.port()));
            }
            assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(api.post("/v1/topics/besides", "{\"name\":\"a\"}").statusCode())
                    .isEqualTo(202);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static List<Integer> answers(String path, String... bodies) {
        return Stream.of(bodies)
                .map(body -> {
                    try {
                        HttpResponse<String> answer = api.post(path, body);
                        return answer.statusCode() == 202 ? 202 : problem(answer);
                    } catch (IOException e) {
                        throw new AssertionError(path, e);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    /** The status of an answer that says what is wrong in the way of RFC 9457. */
    private static int problem(HttpResponse<String> answer) {
        assertThat(answer.headers().firstValue("Content-Type"))
                .as(answer.body())
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        return answer.statusCode();
    }

    private static HttpResponse<String> as(String token) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        api.request("/metrics")
                                .setHeader("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static void makeTopic(String name) throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(DemoStack.target().kafka()))) {
            admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
        }
        HttpResponse<String> registered = api.post("/v1/schemas/" + name + "-value", SCHEMA);
        assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
    }

    private static long records(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(new HashMap<>(DemoStack.target().kafka()))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }
}
