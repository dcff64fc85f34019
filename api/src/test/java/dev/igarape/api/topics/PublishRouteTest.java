package dev.igarape.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServers.class)
class PublishRouteTest {
    private static Servers servers;
    private static TestingApi api;

    @BeforeAll
    static void start(Servers shared) {
        servers = shared;
        api = shared.api();
    }

    @Test
    void writesFramedAvroAndSaysWhere() throws IOException {
        String topic = servers.topic();
        for (int offset = 0; offset < 3; offset++) {
            HttpResponse<String> response = api.post("/v1/topics/" + topic, Servers.CLICK);
            assertThat(response.statusCode()).isEqualTo(202);
            assertThat(response.body())
                    .isEqualTo("{\"topic\":\"" + topic + "\",\"partition\":0,\"offset\":" + offset + "}");
        }
        List<ConsumerRecord<byte[], byte[]>> messages = servers.kafka().read(topic);
        assertThat(messages)
                .hasSize(3)
                .allSatisfy(message -> assertThat(message.key()).isNull());
        GenericRecord event =
                decode(messages.get(0).value(), servers.registry().register(topic + "-value", Servers.EVENT));
        assertThat(event)
                .hasToString("{\"username\": \"ana\", \"page\": \"/\", \"event_name\": \"click\","
                        + " \"event_time\": 1704067200000, \"clicks\": 1, \"note\": null}");
    }

    @Test
    void takesTheKeyFromTheAddress() {
        String topic = servers.topic();
        assertThat(api.post("/v1/topics/" + topic + "?key=a%20%C3%A7%2B+b", Servers.CLICK)
                        .statusCode())
                .isEqualTo(202);
        assertThat(servers.kafka().read(topic).get(0).key()).isEqualTo("a ç+ b".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void pointsAtEveryFault() {
        String topic = servers.topic();
        HttpResponse<String> response = api.post(
                "/v1/topics/" + topic,
                "{\"username\":5,\"page\":\"/\",\"event_name\":\"jump\",\"event_time\":0,\"clicks\":3000000000,\"more\":1}");
        assertThat(response.statusCode()).isEqualTo(422);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = TestingApi.json(response);
        assertThat(problem.get("type").asText()).isEqualTo("urn:igarape:problem:does-not-fit-schema");
        assertThat(problem.get("title").asText()).isEqualTo("The message does not fit its schema");
        assertThat(problem.get("status").asInt()).isEqualTo(422);
        assertThat(problem.get("detail").asText()).contains("subject " + topic + "-value, id ");
        assertThat(problem.get("instance").asText()).isEqualTo("/v1/topics/" + topic);
        assertThat(problem.get("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/username", "/event_name", "/clicks", "/more");
        assertThat(problem.get("errors").findValuesAsText("detail"))
                .allSatisfy(detail -> assertThat(detail).isNotBlank());
        assertThat(servers.kafka().read(topic)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "null", "\"x\"", "{}"})
    void refusesJsonOfAnotherShape(String json) {
        assertThat(api.post("/v1/topics/" + servers.topic(), json).statusCode()).isEqualTo(422);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|The body is empty.",
                "{|The body is no JSON at line 1, column 2",
                "{\"username\":NaN}|The body is no JSON",
                "{} {}|The body has more behind its first JSON value.",
                "{\"page\":\"/\",\"page\":\"/x\"}|Duplicate field 'page'"
            })
    void refusesWhatIsNoJson(String body, String detail) {
        HttpResponse<String> response = api.post("/v1/topics/" + servers.topic(), body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestingApi.json(response).get("detail").asText()).contains(detail);
    }

    @Test
    void refusesDeepAndMisencodedJson() {
        String topic = servers.topic();
        assertThat(api.post("/v1/topics/" + topic, "[".repeat(10_000)).statusCode())
                .isEqualTo(400);
        HttpRequest latin = api.request("/v1/topics/" + topic)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        "{\"username\":\"jos\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1)))
                .build();
        HttpResponse<String> response = api.send(latin);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestingApi.json(response).get("detail").asText()).contains("not UTF-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2Fx",
                "%2e%2e%2fx",
                ".",
                "%2E",
                "_x",
                "__consumer_offsets",
                ".x",
                "x%00",
                "x%0a",
                "x%20y",
                "a%252Fb",
                "%",
                "%4",
                "%zz",
                "%C3%28",
                "%EF%BC%8E%EF%BC%8E",
                "caf%C3%A9",
                "",
                "$(id)",
                "x'y",
                "x;y",
                "-x",
                "../x",
                "a/../b"
            })
    void refusesHostileTopicNames(String name) {
        String answer = api.raw(
                "POST /v1/topics/" + name
                        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}");
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    }

    @Test
    void refusesTooLongTopicNames() {
        HttpResponse<String> response = api.post("/v1/topics/" + "x".repeat(250), "{}");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestingApi.json(response).get("detail").asText())
                .startsWith("'" + "x".repeat(80) + "… (250 characters)' is no name of a topic.")
                .contains("249 characters at most");
        assertThat(api.post("/v1/topics/" + "x".repeat(249), "{}").statusCode()).isEqualTo(404);
    }

    @Test
    void tellsAnUnknownTopicFromAMissingSchema() {
        HttpResponse<String> unknown = api.post("/v1/topics/nowhere", "{}");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(TestingApi.json(unknown).get("type").asText()).isEqualTo("urn:igarape:problem:unknown-topic");
        assertThat(TestingApi.json(unknown).get("detail").asText())
                .isEqualTo("Kafka has no topic 'nowhere'. Create it, or check its name.");
        servers.kafka().createTopic("bare", 1);
        HttpResponse<String> bare = api.post("/v1/topics/bare", "{}");
        assertThat(bare.statusCode()).isEqualTo(404);
        assertThat(TestingApi.json(bare).get("type").asText()).isEqualTo("urn:igarape:problem:no-schema");
        assertThat(TestingApi.json(bare).get("detail").asText())
                .isEqualTo("The registry has no subject 'bare-value', so nothing tells what 'bare' takes."
                        + " Register its schema with POST /v1/schemas/bare-value.");
    }

    @Test
    void followsTheLatestSchema() {
        String topic = servers.topic();
        assertThat(api.post("/v1/topics/" + topic, Servers.CLICK).statusCode()).isEqualTo(202);
        String wider = Servers.EVENT.replace(
                "\"fields\":[", "\"fields\":[{\"name\":\"device\",\"type\":\"string\",\"default\":\"\"},");
        int id = servers.registry().register(topic + "-value", wider);
        assertThat(api.post("/v1/topics/" + topic, Servers.CLICK.replace("{", "{\"device\":\"tv\","))
                        .statusCode())
                .isEqualTo(202);
        assertThat(schemaId(servers.kafka().read(topic).get(1).value())).isEqualTo(id);
    }

    @Test
    void saysThatKafkaDoesNotTakeSoLargeAMessage() {
        servers.kafka().createTopic("narrow", 1, Map.of("max.message.bytes", "1000"));
        servers.registry().register("narrow-value", Servers.EVENT);
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < 4000; i++) {
            noise.append(Integer.toHexString(i * 7919));
        }
        HttpResponse<String> response =
                api.post("/v1/topics/narrow", Servers.CLICK.replace("\"/\"", "\"" + noise + "\""));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(TestingApi.json(response).get("detail").asText()).contains("max.message.bytes");
    }

    @Test
    void losesAndDoublesNothingUnderLoad() throws IOException {
        String topic = servers.topic();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            answers.add(api.postLater("/v1/topics/" + topic, Servers.CLICK.replace("ana", "ana" + i)));
        }
        List<Integer> offsets = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.join().statusCode()).isEqualTo(202);
            offsets.add(TestingApi.json(answer.join()).get("offset").asInt());
        }
        assertThat(offsets).doesNotHaveDuplicates();
        List<String> names = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> message : servers.kafka().read(topic)) {
            names.add(decode(message.value(), schemaId(message.value()))
                    .get("username")
                    .toString());
        }
        assertThat(names).hasSize(2000).doesNotHaveDuplicates();
    }

    private static int schemaId(byte[] message) {
        return ByteBuffer.wrap(message).getInt(1);
    }

    private static GenericRecord decode(byte[] message, int expectedId) throws IOException {
        assertThat(message[0]).isZero();
        assertThat(schemaId(message)).isEqualTo(expectedId);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(message, 5, message.length - 5, null);
        GenericRecord event =
                new GenericDatumReader<GenericRecord>(new Schema.Parser().parse(Servers.EVENT)).read(null, decoder);
        assertThat(decoder.isEnd()).isTrue();
        return event;
    }
}
