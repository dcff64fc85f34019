package dev.igarape.api.random;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.testing.TestingApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomRouteTest {
    private static TestingApi api;

    @BeforeAll
    static void start() {
        api = new TestingApi(Map.of());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void answersHundredEventsOfTheDateOnOneLine() {
        HttpResponse<String> response = api.get("/v1/random/insights?date=2024-01-01");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValueAsLong("Content-Length"))
                .hasValue(response.body().length());
        assertThat(response.body()).doesNotContain("\n").doesNotContain(" ");
        JsonNode events = TestingApi.json(response);
        assertThat(events).hasSize(100).allSatisfy(event -> {
            assertThat(event.fieldNames()).toIterable().containsExactly("username", "page", "event_name", "event_time");
            assertThat(event.get("username").asText()).matches("[a-z]+\\.[a-z]+");
            assertThat(event.get("page").asText()).startsWith("/");
            assertThat(event.get("event_name").asText()).isIn("click", "view", "submit");
            assertThat(event.get("event_time").asText()).isEqualTo("2024-01-01T00:00:00Z");
        });
    }

    @Test
    void spreadsClickstreamEventsOverTheDay() {
        TreeSet<String> times = new TreeSet<>();
        TestingApi.json(api.get("/v1/random/appclickstream?date=2024-01-01&count=500"))
                .forEach(event -> times.add(event.get("event_time").asText()));
        assertThat(times)
                .hasSizeGreaterThan(490)
                .allSatisfy(time -> assertThat(time).matches("2024-01-01T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z"));
        assertThat(times.first()).isLessThan("2024-01-01T02");
        assertThat(times.last()).isGreaterThan("2024-01-01T22");
    }

    /** These bytes are a promise: raw data fetched long ago must be fetched the same today. */
    @ParameterizedTest
    @CsvSource({
        "insights?date=2024-01-01, eaaacd16b9ccdb1a783625d8635cc8389bd7656d24aba5d3b461e7c8f0973e44",
        "insights?date=2024-01-01&count=100000, 8b86dbcc80449013d87e12953f0fced41a4f585b1e526c9fbf292e198435f6d1",
        "insights?date=2024-02-29&count=7&seed=-42, 9803b7b401777d28eadd1f851f0740772061518b6522c809d7a1892a50d902f0",
        "appclickstream?date=2024-01-01&count=1000, 311bb3b841af81af506e41b05f057e8c38ace55266befdf32e5311b30a33581f"
    })
    void neverChangesAnAnswer(String address, String sha256) {
        assertThat(sha256(api.get("/v1/random/" + address).body())).isEqualTo(sha256);
    }

    @Test
    void answersOtherwiseForOtherDatesSeedsAndDatasets() {
        String base = "?date=2024-01-01&count=50";
        List<String> answers = new ArrayList<>();
        for (String address : List.of(
                "insights" + base,
                "insights" + base + "&seed=1",
                "insights" + base + "&seed=2",
                "insights?date=2024-01-02&count=50")) {
            answers.add(api.get("/v1/random/" + address).body().replaceAll("2024-01-0\\d", ""));
        }
        assertThat(answers).doesNotHaveDuplicates();
    }

    @Test
    void takesPagesAsSlicesOfTheWhole() {
        String address = "/v1/random/insights?date=2024-01-01&count=25";
        List<String> paged = new ArrayList<>();
        for (int page = 1; page <= 3; page++) {
            JsonNode events = TestingApi.json(api.get(address + "&page_size=10&page=" + page));
            assertThat(events).hasSize(page == 3 ? 5 : 10);
            events.forEach(event -> paged.add(event.toString()));
        }
        List<String> whole = new ArrayList<>();
        TestingApi.json(api.get(address)).forEach(event -> whole.add(event.toString()));
        assertThat(paged).isEqualTo(whole);
        assertThat(api.get(address + "&page_size=10&page=4").body()).isEqualTo("[]");
        assertThat(api.get(address + "&page_size=100000&page=1000000").body()).isEqualTo("[]");
    }

    @Test
    void compressesWhenAsked() throws IOException {
        String address = "/v1/random/insights?date=2024-01-01&count=5000";
        HttpResponse<byte[]> response = api.send(
                api.request(address)
                        .header("Accept-Encoding", "br;q=1.0, gzip;q=0.8")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(response.headers().firstValueAsLong("Content-Length")).hasValue(response.body().length);
        byte[] plain = new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes();
        assertThat(new String(plain, StandardCharsets.UTF_8))
                .isEqualTo(api.get(address).body());
    }

    @Test
    void doesNotCompressWhenGzipIsRefused() {
        HttpResponse<String> response = api.send(api.request("/v1/random/insights?date=2024-01-01&count=1")
                .header("Accept-Encoding", "gzip;q=0, identity")
                .build());
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(response.body()).startsWith("[{\"username\"");
    }

    @Test
    void answersHeadWithTheLengthOnly() {
        HttpResponse<String> response = api.send(api.request("/v1/random/insights?date=2024-01-01")
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0))
                .isGreaterThan(5_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|date is missing",
                "date=|date is ''",
                "date=2024-02-30|a day that the calendar does not have",
                "date=2024-1-1|date is '2024-1-1'. Give a day as YYYY-MM-DD.",
                "date=%2B2024-01-01|Give a day as YYYY-MM-DD.",
                "date=2024-01-01T00:00:00Z|Give a day as YYYY-MM-DD.",
                "date=2024-01-01'%20OR%201|Give a day as YYYY-MM-DD.",
                "date=$(id)|date is '$(id)'",
                "date=2024-01-01&count=-1|count is '-1'. Give a whole number from 0 to 100000.",
                "date=2024-01-01&count=100001|count is '100001'.",
                "date=2024-01-01&count=1e3|count is '1e3'.",
                "date=2024-01-01&count=99999999999999999999|Give a whole number from 0 to 100000.",
                "date=2024-01-01&count=%D9%A1|Give a whole number",
                "date=2024-01-01&seed=x|seed is 'x'.",
                "date=2024-01-01&seed=9223372036854775808|Give a whole number of 64 bits.",
                "date=2024-01-01&page=0|page is '0'.",
                "date=2024-01-01&page_size=0|page_size is '0'.",
                "date=2024-01-01&date=2024-01-02|'date' is given twice.",
                "date=2024-01-01&cuont=5|'cuont' is no parameter of this address. It has: count, date, page, page_size, seed.",
                "date=%zz|'%zz' is no percent-encoded UTF-8.",
                "date=%C3%28|is no percent-encoded UTF-8."
            })
    void refusesParametersThatCannotBeUsed(String query, String detail) {
        String answer =
                api.raw("GET /v1/random/insights?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        JsonNode problem = TestingApi.json(answer.substring(answer.indexOf("\r\n\r\n")));
        assertThat(problem.get("detail").asText()).contains(detail);
    }

    @Test
    void namesTheDatasetsWhenAskedForAnother() {
        HttpResponse<String> response = api.get("/v1/random/orders?date=2024-01-01");
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(TestingApi.json(response).get("detail").asText())
                .isEqualTo("'orders' is no dataset. There are: insights, appclickstream.");
    }

    @Test
    void boundsWhatAnswersHoldAtOnce() {
        try (TestingApi small =
                new TestingApi(Map.of("IGARAPE_API_MAX_IN_FLIGHT_BYTES", "1MiB", "IGARAPE_API_MAX_BODY", "1KiB"))) {
            HttpResponse<String> response = small.get("/v1/random/insights?date=2024-01-01&count=100000");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(small.get("/v1/random/insights?date=2024-01-01&count=1000")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
