package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.api.testing.Servers;
import dev.igarape.api.testing.TestingApi;
import dev.igarape.api.testing.TestingCertificate;
import dev.igarape.api.testing.TestingKafka;
import dev.igarape.api.testing.TestingRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS towards clients, TLS and SASL towards Kafka. */
class SecurityTest {
    private static final String PASSWORD = "hunter2-of-kafka";

    @TempDir
    private static Path folder;

    private static TestingCertificate certificate;

    @BeforeAll
    static void makeACertificate() throws Exception {
        certificate = new TestingCertificate(folder);
    }

    @Test
    void talksTlsWithClients() throws Exception {
        try (TestingApi api = new TestingApi(Map.of(
                "IGARAPE_API_TLS_CERTIFICATE", certificate.certificate().toString(),
                "IGARAPE_API_TLS_KEY", certificate.key().toString()))) {
            HttpRequest request = HttpRequest.newBuilder(TestingCertificate.address(api.port(), "/health/live"))
                    .build();
            HttpResponse<String> response = HttpClient.newBuilder()
                    .sslContext(certificate.trusting())
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
            assertThatThrownBy(() -> HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThat(api.raw("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n")).doesNotContain("200");
        }
    }

    @Test
    void logsInToKafkaOverTls() throws IOException {
        Path right = kafkaConfig("right", PASSWORD);
        Path wrong = kafkaConfig("wrong", PASSWORD + "-not");
        PrintStream err = System.err;
        ByteArrayOutputStream logged = new ByteArrayOutputStream();
        try (TestingKafka kafka = new TestingKafka(folder.resolve("kafka"), secureListener());
                TestingRegistry registry = new TestingRegistry()) {
            kafka.createTopic("secure", 1);
            registry.register("secure-value", Servers.EVENT);
            System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
            try (TestingApi api = new TestingApi(environment(kafka, registry, right))) {
                assertThat(api.post("/v1/topics/secure", Servers.CLICK).statusCode())
                        .isEqualTo(202);
            }
            try (TestingApi api = new TestingApi(environment(kafka, registry, wrong))) {
                HttpResponse<String> refused = api.post("/v1/topics/secure", Servers.CLICK);
                assertThat(refused.statusCode()).isEqualTo(503);
                assertThat(refused.body()).doesNotContain(PASSWORD);
            }
            assertThat(kafka.read("secure")).hasSize(1);
        } finally {
            System.setErr(err);
        }
        assertThat(logged.toString(StandardCharsets.UTF_8)).contains("Stopped").doesNotContain(PASSWORD);
    }

    @Test
    void tellsWhatCannotBeUsed() throws IOException {
        Path file = Files.writeString(
                folder.resolve("bad.properties"),
                "acks=0\nbootstrap.servers=elsewhere:1\nsasl.jaas.config=user " + PASSWORD + "\n");
        assertThatThrownBy(() -> ApiConfig.from(Map.of(
                        "IGARAPE_API_OPEN",
                        "true",
                        "IGARAPE_API_KAFKA_CONFIG_FILE",
                        file.toString(),
                        "IGARAPE_API_TLS_KEY",
                        "/nowhere.key")))
                .hasMessageContainingAll(
                        "IGARAPE_API_KAFKA_CONFIG_FILE has 'acks'. It may have settings that begin with security.,",
                        "IGARAPE_API_KAFKA_CONFIG_FILE has 'bootstrap.servers'.",
                        "IGARAPE_API_TLS_KEY is '/nowhere.key', which can't be read. Give a PEM file.",
                        "TLS wants both, a certificate in IGARAPE_API_TLS_CERTIFICATE")
                .hasMessageNotContaining(PASSWORD);
        assertThat(ApiConfig.from(Map.of(
                                "IGARAPE_API_OPEN",
                                "true",
                                "IGARAPE_API_KAFKA_CONFIG_FILE",
                                kafkaConfig("shown", PASSWORD).toString()))
                        .kafkaSecurity())
                .asString()
                .contains("sasl.jaas.config")
                .doesNotContain(PASSWORD);
    }

    private static Map<String, String> environment(TestingKafka kafka, TestingRegistry registry, Path config) {
        return Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", kafka.secureServers(),
                "SCHEMA_REGISTRY_URL", registry.url(),
                "IGARAPE_API_ACK_TIMEOUT", "5s",
                "IGARAPE_API_KAFKA_CONFIG_FILE", config.toString());
    }

    private static Map<String, String> secureListener() {
        return Map.of(
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.secure.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_igarape=\"" + PASSWORD + "\";",
                "listener.name.secure.ssl.keystore.type",
                "PKCS12",
                "listener.name.secure.ssl.keystore.location",
                certificate.keystore().toString(),
                "listener.name.secure.ssl.keystore.password",
                TestingCertificate.PASSWORD);
    }

    private static Path kafkaConfig(String name, String password) throws IOException {
        return Files.write(
                folder.resolve(name + ".properties"),
                List.of(
                        "security.protocol=SASL_SSL",
                        "sasl.mechanism=PLAIN",
                        "sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required"
                                + " username=\"igarape\" password=\"" + password + "\";",
                        "ssl.truststore.type=PEM",
                        "ssl.truststore.location=" + certificate.certificate()));
    }
}
