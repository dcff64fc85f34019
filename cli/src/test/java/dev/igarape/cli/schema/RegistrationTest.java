package dev.igarape.cli.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RegistrationTest {
    private final List<String> posted = new ArrayList<>();
    private final Map<String, Schema> schemas = new LinkedHashMap<>();
    private HttpServer registry;
    private int refusal;

    @BeforeEach
    void aRegistryThatRefusesTheSecondSubject() throws IOException {
        for (String subject : List.of("a-value", "b-value", "c-value")) {
            schemas.put(subject, SchemaBuilder.builder().longType());
        }
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", this::answer);
        registry.start();
    }

    @AfterEach
    void stop() {
        registry.stop(0);
    }

    @Test
    void saysWhichWereRegisteredWhenOneIsRefused() {
        refusal = 409;
        Registration registration = register();
        assertThat(registration.registered().keySet()).containsExactly("a-value");
        assertThat(posted).containsExactly("a-value", "b-value");
        LakeException failure = registration.failure().orElseThrow();
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DEFINITION);
        assertThat(failure)
                .hasMessageContaining("Cannot register a schema under `b-value`")
                .hasMessageContaining("Registered: a-value (version 4). Not registered: b-value, c-value. Mend");
    }

    @Test
    void aRegistryThatBreaksMayHaveRegistered() {
        refusal = 500;
        LakeException failure = register().failure().orElseThrow();
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(failure)
                .hasMessageContaining("Not registered: b-value, c-value. Whether the first of these was, the registry");
    }

    @Test
    void allAreRegistered() {
        refusal = 200;
        Registration registration = register();
        assertThat(registration.failure()).isEmpty();
        assertThat(registration.registered().keySet()).containsExactlyElementsOf(schemas.keySet());
    }

    private Registration register() {
        String url = "http://127.0.0.1:" + registry.getAddress().getPort();
        try (SchemaRegistryClient client =
                new SchemaRegistryClient(Map.of("schema.registry.url", url, "max.retries", "0"))) {
            return Registration.of(schemas, client);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        boolean post = exchange.getRequestMethod().equals("POST");
        String subject = exchange.getRequestURI().getPath().split("/")[2];
        if (post) {
            posted.add(subject);
        }
        int status = post && subject.equals("b-value") ? refusal : 200;
        byte[] body = "{\"id\": 7, \"version\": 4, \"schema\": \"\\\"long\\\"\", \"message\": \"no\"}"
                .getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
