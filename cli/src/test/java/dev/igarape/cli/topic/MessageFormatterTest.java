package dev.igarape.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.igarape.model.Json;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.serde.WireFormat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lines of a topic whose only schema, with id 1, is a string. */
final class MessageFormatterTest {
    private HttpServer server;
    private SchemaRegistryClient registry;

    @BeforeEach
    void startTheRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/schemas/ids/1", exchange -> answer(exchange, 200, "{\"schema\": \"\\\"string\\\"\"}"));
        server.createContext(
                "/", exchange -> answer(exchange, 404, "{\"error_code\": 40403, \"message\": \"no such schema\"}"));
        server.start();
        registry = new SchemaRegistryClient(Map.of(
                "schema.registry.url", "http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stopTheRegistry() {
        registry.close();
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        try (exchange) {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Test
    void showsTheDecodedValueAndWhereItStands() throws Exception {
        assertThat(line(bytes("key"), WireFormat.frame(1, new byte[] {4, 'h', 'i'})))
                .isEqualTo(Json.mapper()
                        .readTree("{\"topic\": \"t\", \"partition\": 2, \"offset\": 7,"
                                + " \"timestamp\": \"2024-01-01T00:00:00Z\", \"key\": \"key\", \"schema_id\": 1,"
                                + " \"value\": \"hi\"}"));
    }

    @Test
    void showsTombstonesAsNull() throws Exception {
        JsonNode line = line(null, null);
        assertThat(line.get("key").isNull()).isTrue();
        assertThat(line.get("value").isNull()).isTrue();
    }

    @Test
    void showsWhyAMessageCannotBeDecoded() throws Exception {
        assertThat(line(null, bytes("plain")).get("rule").asText()).isEqualTo("bad_magic");
        assertThat(line(null, new byte[] {0}).get("rule").asText()).isEqualTo("short_message");
        assertThat(line(null, WireFormat.frame(9, new byte[] {0})).get("rule").asText())
                .isEqualTo("unknown_schema_id");
        JsonNode truncated = line(null, WireFormat.frame(1, new byte[] {4, 'h'}));
        assertThat(truncated.get("rule").asText()).isEqualTo("undecodable");
        assertThat(truncated.get("bytes").asText()).isEqualTo("AAAAAAEEaA==");
        assertThat(truncated.has("value")).isFalse();
    }

    @Test
    void keysThatAreNoTextAreBytes() throws Exception {
        JsonNode line = line(new byte[] {(byte) 0xff}, null);
        assertThat(line.get("key_bytes").asText()).isEqualTo("/w==");
        assertThat(line.has("key")).isFalse();
    }

    private JsonNode line(byte[] key, byte[] value) throws IOException {
        ConsumerRecord<byte[], byte[]> message = new ConsumerRecord<>(
                "t",
                2,
                7,
                1_704_067_200_000L,
                TimestampType.CREATE_TIME,
                0,
                0,
                key,
                value,
                new RecordHeaders(),
                Optional.empty());
        String line = new MessageFormatter(registry).format(message);
        assertThat(line).doesNotContain("\n");
        return Json.mapper().readTree(line);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
