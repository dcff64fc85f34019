package dev.igarape.api.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServers.class)
class SchemaRoutesTest {
    private static final String NARROW =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}";
    private static final String WIDER =
            "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},"
                    + "{\"name\":\"b\",\"type\":[\"null\",\"string\"],\"default\":null}]}";

    private static Servers servers;
    private static TestingApi api;

    @BeforeAll
    static void start(Servers shared) {
        servers = shared;
        api = shared.api();
    }

    @Test
    void registersVersionsAndShowsTheLatest() {
        JsonNode first = TestingApi.json(api.post("/v1/schemas/versions-value", NARROW));
        assertThat(first.get("subject").asText()).isEqualTo("versions-value");
        assertThat(first.get("version").asInt()).isEqualTo(1);
        assertThat(first.get("schema")).isEqualTo(TestingApi.json(NARROW));
        JsonNode second = TestingApi.json(api.post("/v1/schemas/versions-value", WIDER));
        assertThat(second.get("version").asInt()).isEqualTo(2);
        assertThat(second.get("id").asInt()).isNotEqualTo(first.get("id").asInt());
        assertThat(TestingApi.json(api.get("/v1/schemas/versions-value"))).isEqualTo(second);
    }

    @Test
    void registersAgainWithoutAnotherVersion() {
        JsonNode first = TestingApi.json(api.post("/v1/schemas/again-value", NARROW));
        api.post("/v1/schemas/again-value", WIDER);
        assertThat(TestingApi.json(api.post("/v1/schemas/again-value", NARROW))).isEqualTo(first);
    }

    @Test
    void registersAnewWhatWasDeletedElsewhere() {
        api.post("/v1/schemas/gone-value", NARROW);
        servers.registry().delete("gone-value");
        HttpResponse<String> response = api.post("/v1/schemas/gone-value", NARROW);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/schemas/gone-value").statusCode()).isEqualTo(200);
    }

    @Test
    void decidesAtOnceWhatATopicTakes() {
        servers.kafka().createTopic("fresh", 1);
        assertThat(api.post("/v1/topics/fresh", "{\"a\":1}").statusCode()).isEqualTo(404);
        assertThat(api.post("/v1/schemas/fresh-value", NARROW).statusCode()).isEqualTo(200);
        assertThat(api.post("/v1/topics/fresh", "{\"a\":1}").statusCode()).isEqualTo(202);
    }

    @Test
    void tellsWhyASchemaIsIncompatible() {
        api.post("/v1/schemas/strict-value", NARROW);
        HttpResponse<String> response = api.post(
                "/v1/schemas/strict-value",
                NARROW.replace("\"fields\":[", "\"fields\":[{\"name\":\"c\",\"type\":\"int\"},"));
        assertThat(response.statusCode()).isEqualTo(409);
        JsonNode problem = TestingApi.json(response);
        assertThat(problem.get("type").asText()).isEqualTo("urn:igarape:problem:incompatible-schema");
        assertThat(problem.get("detail").asText()).contains("strict-value", "READER_FIELD_MISSING_DEFAULT_VALUE");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"nothing\"}|422",
                "{\"type\":\"record\",\"name\":\"R\"}|422",
                "{\"type\":\"record\",\"name\":\"1R\",\"fields\":[]}|422",
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\",\"default\":\"x\"}]}|422",
                "{}|422",
                "5|422",
                "null|422",
                "\"Unknown\"|422",
                "\"\"|422",
                "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2147483646}|422",
                "{\"type\":\"fixed\",\"name\":\"F\",\"size\":1.5}|422",
                "{\"type\":\"fixed\",\"name\":\"F\u00e9\",\"size\":1}|422",
                "{\"type\":\"fixed\",\"name\":\"1.F\",\"size\":1}|422",
                "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"\u00e9\"]}|422",
                "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[null]}|422",
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"\u00e9\",\"type\":\"int\"}]}|422",
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":{}}|422",
                "[\"int\",\"int\"]|422",
                "{\"type\"|400",
                "``|400"
            })
    void refusesWhatIsNoSchema(String body, int status) {
        HttpResponse<String> response = api.post("/v1/schemas/bad-value", body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(TestingApi.json(response).get("detail").asText())
                .isNotBlank()
                .doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"string\"",
                "[]",
                "[\"null\",{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}]",
                "{\"type\":\"fixed\",\"name\":\"a.b.F\",\"size\":16.0}",
                "{\"type\":\"record\",\"name\":\"Node\",\"fields\":[{\"name\":\"next\",\"type\":[\"null\",\"Node\"]}]}",
                "{\"type\":\"map\",\"values\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[],\"doc\":\"none\"}}"
            })
    void takesEverySchema(String body) {
        String subject = "taken-" + Integer.toHexString(body.hashCode()) + "-value";
        HttpResponse<String> response = api.post("/v1/schemas/" + subject, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(api.post(
                                "/v1/schemas/" + subject,
                                TestingApi.json(response).get("schema").toString())
                        .body())
                .isEqualTo(response.body());
    }

    @Test
    void survivesADeepSchema() {
        String deep = "{\"type\":\"array\",\"items\":".repeat(900) + "\"int\"" + "}".repeat(900);
        assertThat(api.post("/v1/schemas/deep-value", deep).statusCode()).isIn(200, 422);
        String deeper = "{\"type\":\"array\",\"items\":".repeat(20_000) + "\"int\"" + "}".repeat(20_000);
        assertThat(api.post("/v1/schemas/deep-value", deeper).statusCode()).isEqualTo(400);
    }

    @Test
    void tellsHowToMendAMissingSubject() {
        HttpResponse<String> response = api.get("/v1/schemas/missing-value");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(TestingApi.json(response).get("detail").asText())
                .isEqualTo("The registry has no subject 'missing-value'."
                        + " Register a schema with POST /v1/schemas/missing-value.");
    }

    @Test
    void refusesHostileSubjects() {
        assertThat(api.get("/v1/schemas/..%2Fconfig").statusCode()).isEqualTo(400);
        assertThat(api.get("/v1/schemas/_schemas").statusCode()).isEqualTo(400);
        assertThat(api.get("/v1/schemas/" + "x".repeat(256)).statusCode()).isEqualTo(400);
    }
}
