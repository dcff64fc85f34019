package dev.igarape.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.igarape.api.ConfigException;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServers.class)
class TokenAuthTest {
    private static final String ALL = "[\"read\",\"produce\",\"schema\"]";

    @TempDir
    private static Path folder;

    private static Servers servers;
    private static TestingApi api;

    @BeforeAll
    static void start(Servers shared) throws IOException {
        servers = shared;
        Path file = folder.resolve("tokens.json");
        write(
                file,
                token("producer", "", "{\"events-*\":[\"produce\"]}"),
                token("reader", "", "{\"one\":[\"read\"],\"two\":[\"read\",\"schema\"]}"),
                token("admin", "\"expires\":\"2999-01-01T00:00:00Z\",", "{\"*\":" + ALL + "}"),
                token("gone", "\"expires\":\"2024-01-01T00:00:00Z\",", "{\"*\":" + ALL + "}"));
        api = new TestingApi(shared.environment(Map.of("IGARAPE_API_TOKENS_FILE", file.toString())));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Basic cHJvZHVjZXI6eA==", "Bearer", "secret-of-admin"})
    void challengesWhoHasNoToken(String authorization) {
        HttpResponse<String> response = post("/v1/topics/x", authorization, Servers.CLICK);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"igarape\"");
        assertThat(type(response)).isEqualTo("urn:igarape:problem:no-token");
    }

    @ParameterizedTest
    @CsvSource({"Bearer secret-of-nobody,bad-token", "Bearer secret-of-gone,expired-token", "Bearer x y,bad-token"})
    void refusesForeignAndExpiredTokens(String authorization, String type) {
        HttpResponse<String> response = post("/v1/topics/x", authorization, Servers.CLICK);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"igarape\", error=\"invalid_token\"");
        assertThat(type(response)).isEqualTo("urn:igarape:problem:" + type);
        assertThat(response.body()).doesNotContain("secret-of");
    }

    @Test
    void letsInByTopic() {
        String topic = servers.topic();
        assertThat(post("/v1/topics/" + topic, "Bearer secret-of-producer", Servers.CLICK)
                        .statusCode())
                .isEqualTo(202);
        assertThat(post("/v1/topics/" + topic, "bearer secret-of-admin", Servers.CLICK)
                        .statusCode())
                .isEqualTo(202);
        HttpResponse<String> refused = post("/v1/topics/one", "Bearer secret-of-producer", Servers.CLICK);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer realm=\"igarape\", error=\"insufficient_scope\"");
        assertThat(TestingApi.json(refused).get("detail").asText())
                .isEqualTo(
                        "The token 'producer' has no right to 'produce' here." + " Ask who runs this service for it.");
        assertThat(servers.kafka().read(topic)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "reader,GET,/v1/schemas/one-value,404",
        "reader,GET,/v1/schemas/one-key,404",
        "reader,GET,/v1/schemas/one,404",
        "reader,GET,/v1/schemas/onemore-value,403",
        "reader,POST,/v1/schemas/one-value,403",
        "reader,POST,/v1/schemas/two-value,422",
        "reader,POST,/v1/topics/one,403",
        "reader,POST,/v1/topics/one/batch,403",
        "producer,GET,/v1/schemas/events-1-value,403",
        "producer,POST,/v1/topics/events-%2e%2e,404",
        "producer,POST,/v1/topics/_events-1,403",
        "admin,POST,/v1/topics/_events-1,400"
    })
    void holdsEachTokenToItsRights(String token, String method, String address, int status) {
        HttpResponse<String> response = api.send(api.request(address)
                .header("Authorization", "Bearer secret-of-" + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(response.statusCode()).isEqualTo(status);
    }

    @Test
    void asksForATokenBeforeItLooksAtTheBody() {
        String answer = api.raw("POST /v1/topics/x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 401 ").containsIgnoringCase("connection: close");
    }

    @Test
    void leavesOpenWhatHoldsNothingOfAnybodys() {
        assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(api.get("/v1/random/insights?date=2024-01-01").statusCode()).isEqualTo(200);
    }

    @Test
    void takesAChangedFileAndKeepsTheTokensWhenItIsBroken() throws IOException {
        Path file = folder.resolve("changing.json");
        write(file, token("old", "", "{\"*\":[\"read\"]}"));
        try (TestingApi changing =
                new TestingApi(servers.environment(Map.of("IGARAPE_API_TOKENS_FILE", file.toString())))) {
            assertThat(show(changing, "old")).isEqualTo(404);
            assertThat(show(changing, "new")).isEqualTo(401);
            write(file, token("new", "", "{\"*\":[\"read\"]}"));
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(show(changing, "new")).isEqualTo(404));
            assertThat(show(changing, "old")).isEqualTo(401);
        }
        TokenAuth auth = TokenAuth.of(file, java.time.Clock.systemUTC());
        Files.writeString(file, "{\"tok");
        auth.refresh();
        assertThat(auth.allowsAll()).isFalse();
    }

    @Test
    void logsNoToken() throws IOException {
        PrintStream err = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
        try (TestingApi alone = new TestingApi(
                Map.of("IGARAPE_API_TOKENS_FILE", folder.resolve("tokens.json").toString()))) {
            for (String name : new String[] {"admin", "nobody", "gone"}) {
                show(alone, name);
            }
            alone.raw("GET /v1/schemas/x?access_token=secret-of-admin HTTP/1.1\r\nHost: x\r\n"
                    + "Authorization: Bearer secret-of-admin\r\nConnection: close\r\n\r\n");
        } finally {
            System.setErr(err);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8))
                .contains("Stopped")
                .doesNotContain("secret-of")
                .doesNotContain(hash("secret-of-admin"));
    }

    @Test
    void tellsAllFaultsOfTheFile() throws IOException {
        Path file = folder.resolve("bad.json");
        Files.writeString(
                file,
                "{\"tokens\":[{\"sha256\":\"secret\",\"rights\":{\"a b\":[\"write\"],\"c\":[]},\"expires\":\"soon\"},"
                        + "{\"name\":\"x\",\"sha256\":\"" + hash("x") + "\",\"right\":{}}]}");
        Map<String, String> environment = Map.of("IGARAPE_API_TOKENS_FILE", file.toString());
        assertThatThrownBy(() -> new TestingApi(environment))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "token 1 has no name of its own",
                        "token 1 has no sha256 of 64 hex digits",
                        "token 1 has rights on 'a b'",
                        "token 1 has the right 'write'; there are: read, produce, schema",
                        "token 1 has an empty list of rights on 'c'",
                        "token 1 expires at no instant",
                        "token 'x' has 'right'; there are: expires, name, rights, sha256",
                        "token 'x' has no rights")
                .hasMessageNotContaining("secret");
        Files.writeString(file, "{\"tokens\":[{,");
        assertThatThrownBy(() -> new TestingApi(environment)).hasMessageContaining("is no JSON at line 1, column 14");
        Files.delete(file);
        assertThatThrownBy(() -> new TestingApi(environment)).hasMessageContaining("can't be read (NoSuchFile");
    }

    private static int show(TestingApi api, String token) {
        return api.send(api.request("/v1/schemas/none-value")
                        .header("Authorization", "Bearer secret-of-" + token)
                        .build())
                .statusCode();
    }

    private static HttpResponse<String> post(String address, String authorization, String json) {
        HttpRequest.Builder request = api.request(address)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json));
        return api.send((authorization.isEmpty() ? request : request.header("Authorization", authorization)).build());
    }

    private static String type(HttpResponse<String> response) {
        return TestingApi.json(response).get("type").asText();
    }

    /** @param more members with a comma behind */
    private static String token(String name, String more, String rights) {
        return "{\"name\":\"" + name + "\"," + more + "\"sha256\":\"" + hash("secret-of-" + name) + "\",\"rights\":"
                + rights + "}";
    }

    private static void write(Path file, String... tokens) throws IOException {
        Files.writeString(file, "{\"tokens\":[" + String.join(",", tokens) + "]}");
    }

    private static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
