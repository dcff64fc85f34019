package dev.igarape.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.SharedServers;
import dev.igarape.api.testing.TestingApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedServers.class)
class DispatcherTest {
    private static Servers servers;
    private static TestingApi api;

    @BeforeAll
    static void start(Servers shared) {
        servers = shared;
        api = shared.api();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/topics",
                "/v1/topics/a/b",
                "/V1/random/insights",
                "/v1//random/insights",
                "/health/ready/"
            })
    void answersUnknownPathsWithAProblem(String path) {
        HttpResponse<String> response = api.get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(TestingApi.json(response).get("type").asText()).isEqualTo("urn:igarape:problem:unknown-path");
        assertThat(TestingApi.json(response).get("instance").asText()).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/v1/topics/x|POST",
                "DELETE|/v1/schemas/x|GET, HEAD, POST",
                "POST|/v1/random/insights|GET, HEAD",
                "PUT|/health/live|GET, HEAD",
                "OPTIONS|/health/live|GET, HEAD",
                "BREW|/health/live|GET, HEAD"
            })
    void namesTheMethodsOfAPath(String method, String path, String allow) {
        HttpResponse<String> response = api.send(api.request(path)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains(allow);
        assertThat(TestingApi.json(response).get("detail").asText()).contains(allow);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/jsonx",
                "application/json; charset=iso-8859-1",
                "text/json"
            })
    void refusesOtherTypesOfBodies(String type) {
        HttpResponse<String> response = api.send(api.request("/v1/topics/x")
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(TestingApi.json(response).get("detail").asText()).contains("Content-Type: application/json");
    }

    @Test
    void refusesABodyWithoutATypeAndOneCompressedOtherwise() {
        assertThat(api.send(api.request("/v1/topics/x")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build())
                        .statusCode())
                .isEqualTo(415);
        HttpResponse<String> brotli = api.send(api.request("/v1/topics/x")
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "br")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
        assertThat(brotli.statusCode()).isEqualTo(415);
        assertThat(brotli.headers().firstValue("Accept-Encoding")).contains("gzip, identity");
    }

    /** Field lines of one name are one list; identity and empty elements say nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Wl]|415",
                "deflate|415",
                "gzip, br|415",
                "gzip;br|415",
                "gzip, gzip|415",
                "GZIP;x-gzip|415",
                "*|415",
                "identity;Wl]|415",
                "identity|202",
                "Identity, identity|202",
                ",|202"
            })
    void tellsWhichCompressionsItUndoes(String lines, int status) {
        HttpRequest.Builder request = api.request("/v1/topics/" + servers.topic())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Servers.CLICK));
        for (String line : lines.split(";")) {
            request.header("Content-Encoding", line);
        }
        HttpResponse<String> response = api.send(request.build());
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Accept-Encoding").isPresent()).isEqualTo(status == 415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZip", "x-gzip", "identity, gzip", "gzip;identity"})
    void undoesGzip(String lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write("\"long\"".getBytes(StandardCharsets.UTF_8));
        }
        HttpRequest.Builder request = api.request("/v1/schemas/zipped-value")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes.toByteArray()));
        for (String line : lines.split(";")) {
            request.header("Content-Encoding", line);
        }
        assertThat(api.send(request.build()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/health/live",
        "GET,/health/ready",
        "HEAD,/health/live",
        "GET,/openapi",
        "GET,/metrics",
        "GET,/v1/random/insights",
        "GET,/v1/schemas/x-value",
        "POST,/v1/schemas/x-value",
        "POST,/v1/topics/x",
        "POST,/v1/topics/x/batch"
    })
    void refusesUnknownAndDoubledParametersOnEveryRoute(String method, String path) {
        for (String query : List.of("Key=1", "x", "=", "%00=1", "key=1&key=1&key_field=1&key_field=1&date=1&date=1")) {
            HttpResponse<String> response = api.send(api.request(path + "?" + query)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(response.statusCode()).as(query).isEqualTo(400);
            if (!method.equals("HEAD")) {
                assertThat(TestingApi.json(response).get("type").asText())
                        .isEqualTo("urn:igarape:problem:bad-parameter");
            }
        }
        assertThat(api.send(api.request("/health/live?&&").build()).statusCode())
                .as("none at all")
                .isEqualTo(200);
    }

    @Test
    void refusesABodyOfTwoTypes() {
        assertThat(api.send(api.request("/v1/topics/x")
                                .header("Content-Type", "application/json")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build())
                        .statusCode())
                .isEqualTo(415);
    }

    @Test
    void refusesWhatOnlySaysThatItIsGzip() {
        HttpResponse<String> response = api.send(api.request("/v1/topics/" + servers.topic())
                .header("Content-Type", "application/json")
                .header("Content-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofString(Servers.CLICK))
                .build());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(TestingApi.json(response).get("type").asText()).isEqualTo("urn:igarape:problem:broken-gzip");
        assertThat(TestingApi.json(response).get("detail").asText()).contains("does not begin as gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "APPLICATION/JSON;charset=\"UTF-8\"", "application/vnd.events.v1+json"})
    void takesEveryWayToSayJson(String type) {
        assertThat(api.send(api.request("/v1/topics/" + servers.topic())
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(Servers.CLICK))
                                .build())
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void refusesAnAnnouncedBodyOverTheLimitBeforeItComes() {
        String answer = api.raw("POST /v1/topics/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1048577\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 413 ")
                .containsIgnoringCase("connection: close")
                .contains("A body may have 1048576 bytes.");
    }

    @Test
    void answersAClientThatSendsTenMegabytesAllTheSame() {
        HttpResponse<String> response = api.post("/v1/topics/" + servers.topic(), " ".repeat(10 << 20));
        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(TestingApi.json(response).get("type").asText()).isEqualTo("urn:igarape:problem:too-large");
    }

    @Test
    void refusesAWaitingBodyOverTheLimit() {
        String answer = api.raw("POST /v1/topics/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1048577\r\nExpect: 100-continue\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 413 ");
    }

    @Test
    void letsAWaitingBodyCome() {
        HttpResponse<String> response = api.send(api.request("/v1/topics/" + servers.topic())
                .header("Content-Type", "application/json")
                .expectContinue(true)
                .POST(HttpRequest.BodyPublishers.ofString(Servers.CLICK))
                .build());
        assertThat(response.statusCode()).isEqualTo(202);
    }

    @Test
    void takesABodyOfExactlyTheLimit() {
        String topic = servers.topic();
        String padded = Servers.CLICK + " ".repeat((1 << 20) - Servers.CLICK.length());
        assertThat(api.post("/v1/topics/" + topic, padded).statusCode()).isEqualTo(202);
    }

    @Test
    void cutsAnUnannouncedBodyAtTheLimit() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            write(
                    out,
                    "POST /v1/topics/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            for (int i = 0; i < 17; i++) {
                write(out, chunk);
            }
            assertThat(firstLine(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void answersBodiesThatComeTooSlowly() {
        try (TestingApi slow = new TestingApi(Map.of("IGARAPE_API_BODY_TIMEOUT", "300ms"))) {
            String answer = slow.raw("POST /v1/topics/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 10\r\n\r\n{");
            assertThat(answer)
                    .startsWith("HTTP/1.1 408 ")
                    .containsIgnoringCase("connection: close")
                    .contains("within 300 ms");
        }
    }

    @Test
    void cutsIdleConnections() throws IOException {
        try (TestingApi quick = new TestingApi(Map.of("IGARAPE_API_IDLE_TIMEOUT", "300ms"))) {
            List<Socket> idle = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Socket socket = new Socket("127.0.0.1", quick.port());
                socket.setSoTimeout(20_000);
                idle.add(socket);
            }
            assertThat(quick.get("/health/live").statusCode()).isEqualTo(200);
            for (Socket socket : idle) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                socket.close();
            }
        }
    }

    @Test
    void cutsClientsThatSendAHeadByteByByte() throws IOException {
        try (TestingApi quick = new TestingApi(Map.of("IGARAPE_API_IDLE_TIMEOUT", "2s"));
                Socket socket = new Socket("127.0.0.1", quick.port())) {
            socket.setSoTimeout(50);
            write(socket.getOutputStream(), "GET /health/live HTTP/1.1\r\nX: ");
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> isCut(socket));
        }
    }

    /** Sends one byte more and tells whether the server has closed. */
    private static boolean isCut(Socket socket) {
        try {
            write(socket.getOutputStream(), "x");
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void cutsClientsThatDoNotReadTheirAnswer() throws IOException {
        try (TestingApi quick =
                        new TestingApi(Map.of("IGARAPE_API_IDLE_TIMEOUT", "500ms", "IGARAPE_API_MAX_IN_FLIGHT", "1"));
                Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.connect(new InetSocketAddress("127.0.0.1", quick.port()));
            String large = "/v1/random/insights?date=2024-01-01&count=100000";
            write(socket.getOutputStream(), "GET " + large + " HTTP/1.1\r\nHost: x\r\n\r\n");
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> quick.get("/v1/random/insights?date=2024-01-01&count=1")
                                    .statusCode()
                            == 503);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> quick.get("/v1/random/insights?date=2024-01-01&count=1")
                                    .statusCode()
                            == 200);
        }
    }

    @Test
    void answersBesideFiveThousandIdleConnections() throws IOException {
        requireOpenFiles();
        String topic = servers.topic();
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 5_000; i++) {
                idle.add(new Socket("127.0.0.1", api.port()));
            }
            assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(api.post("/v1/topics/" + topic, Servers.CLICK).statusCode())
                    .isEqualTo(202);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void refusesConnectionsBeyondTheCapAndKeepsNone() throws IOException {
        requireOpenFiles();
        String ping = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        List<Socket> idle = new ArrayList<>();
        try (TestingApi small = new TestingApi(Map.of("IGARAPE_API_MAX_CONNECTIONS", "1000"))) {
            for (int i = 0; i < 5_000; i++) {
                idle.add(new Socket("127.0.0.1", small.port()));
            }
            // While those that may ask are waiting, others are cut without an answer.
            await().atMost(Duration.ofSeconds(20))
                    .ignoreException(UncheckedIOException.class)
                    .untilAsserted(() -> assertThat(small.raw(ping))
                            .startsWith("HTTP/1.1 503 ")
                            .containsIgnoringCase("retry-after: 5")
                            .containsIgnoringCase("connection: close")
                            .contains("urn:igarape:problem:too-many-connections", "1000 connections"));
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> idle.stream().filter(DispatcherTest::isOver).count() == 4_000);

            idle.stream()
                    .filter(socket -> !isOver(socket))
                    .findFirst()
                    .orElseThrow()
                    .close();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> small.raw(ping.replace("x\r\n", "x\r\nConnection: close\r\n"))
                            .startsWith("HTTP/1.1 200 "));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static void requireOpenFiles() {
        assertThat(((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getMaxFileDescriptorCount())
                .as("open files that a process may have; raise them: ulimit -Hn 20000")
                .isGreaterThan(12_000);
    }

    /** Whether the server has closed the connection, or we have. */
    private static boolean isOver(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void survivesClientsThatLeaveHalfWay() throws IOException {
        String topic = servers.topic();
        for (int i = 0; i < 20; i++) {
            try (Socket socket = new Socket("127.0.0.1", api.port())) {
                socket.setSoLinger(true, 0);
                write(
                        socket.getOutputStream(),
                        "POST /v1/topics/" + topic
                                + " HTTP/1.1\r\n"
                                + "Host: x\r\n"
                                + "Content-Type: application/json\r\n"
                                + "Content-Length: 100\r\n\r\n"
                                + "{\"username\"");
            }
        }
        assertThat(api.post("/v1/topics/" + topic, Servers.CLICK).statusCode()).isEqualTo(202);
        assertThat(servers.kafka().read(topic)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NONSENSE|400",
                "GET /health/live HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -1|400",
                "GET /health/live HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 1\\r\\nContent-Length: 2|400"
            })
    void answersWhatIsNoHttp(String head, int status) {
        String answer = api.raw(head.replace("\\r\\n", "\r\n") + "\r\n\r\n");
        assertThat(answer).matches("(?s)HTTP/1.[01] " + status + " .*").contains("application/problem+json");
    }

    @Test
    void refusesTooLongAddressesAndHeaders() {
        assertThat(api.raw("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .matches("(?s)HTTP/1.[01] 414 .*");
        assertThat(api.raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
                .matches("(?s)HTTP/1.[01] 431 .*");
    }

    @Test
    void cutsConnectionsWhoseChunksAreNone() {
        assertThat(api.raw("POST /v1/topics/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"))
                .isEmpty();
        assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void answersPipelinedRequestsInOrder() {
        String one = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
        String last =
                "GET /v1/random/insights?date=2024-01-01&count=0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        String answers = api.raw(one + one + last);
        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(4);
        assertThat(answers).endsWith("[]");
    }

    @Test
    void keepsConnectionsOpenBetweenRequests() throws IOException {
        String topic = servers.topic();
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            for (int i = 0; i < 3; i++) {
                write(
                        socket.getOutputStream(),
                        "POST /v1/topics/" + topic
                                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                                + Servers.CLICK.length() + "\r\n\r\n" + Servers.CLICK);
                assertThat(firstLine(socket.getInputStream())).startsWith("HTTP/1.1 202 ");
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Reads one answer whose body ends with a brace, and returns its first line. */
    private static String firstLine(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        int next = in.read();
        while (next >= 0) {
            answer.append((char) next);
            if (next == '}') {
                break;
            }
            next = in.read();
        }
        return answer.substring(0, Math.max(0, answer.indexOf("\r\n")));
    }
}
