package dev.igarape.wire.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryClientTest {
    private static final Schema ORDER =
            SchemaBuilder.record("Order").fields().requiredInt("id").endRecord();
    private static final Schema WIDER = SchemaBuilder.record("Order")
            .fields()
            .requiredInt("id")
            .optionalString("note")
            .endRecord();
    private static final Schema OTHER =
            SchemaBuilder.record("Order").fields().requiredString("name").endRecord();

    private final FakeRegistry registry = new FakeRegistry();
    private final MovableClock clock = new MovableClock();
    private final SchemaRegistryClient client = client(Map.of());

    @AfterEach
    void stop() {
        client.close();
        registry.close();
    }

    @Test
    void registersLooksUpAndGets() {
        int id = client.register("orders-value", ORDER);
        int wider = client.register("orders-value", WIDER);

        SchemaRegistryClient fresh = client(Map.of());
        assertThat(fresh.idOf("orders-value", ORDER)).isEqualTo(id);
        assertThat(fresh.schemaById(wider)).isEqualTo(WIDER);
        assertThat(fresh.version("orders-value", 1)).isEqualTo(new RegisteredSchema("orders-value", 1, id, ORDER));
        assertThat(fresh.latest("orders-value")).isEqualTo(new RegisteredSchema("orders-value", 2, wider, WIDER));
        assertThat(fresh.versions("orders-value")).containsExactly(1, 2);
        assertThat(fresh.subjects()).containsExactly("orders-value");
    }

    @Test
    void asksOnceForIdsAndSchemas() {
        int id = client.register("orders-value", ORDER);
        client.register("orders-value", new Schema.Parser().parse(ORDER.toString()));
        client.idOf("orders-value", ORDER);
        client.schemaById(id);
        client.schemaById(id);

        assertThat(registry.requests())
                .containsExactly("POST /subjects/orders-value/versions", "GET /schemas/ids/" + id);
    }

    @Test
    void tellsSchemasApartThatDifferInDocumentationOnly() {
        Schema documented = new Schema.Parser()
                .parse(ORDER.toString().replace("\"name\":\"Order\"", "\"name\":\"Order\",\"doc\":\"An order\""));
        assertThat(documented).isEqualTo(ORDER);

        assertThat(client.register("orders-value", documented)).isNotEqualTo(client.register("orders-value", ORDER));
    }

    @Test
    void keepsTheLatestVersionForAShortTime() {
        registry.add("orders-value", ORDER.toString());
        assertThat(client.latest("orders-value").version()).isEqualTo(1);
        registry.add("orders-value", WIDER.toString());

        clock.advance(Duration.ofMillis(4_999));
        assertThat(client.latest("orders-value").version()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(client.latest("orders-value").version()).isEqualTo(2);
    }

    @Test
    void knowsItsOwnRegistrationAtOnce() {
        client.register("orders-value", ORDER);
        client.latest("orders-value");
        client.register("orders-value", WIDER);

        assertThat(client.latest("orders-value").version()).isEqualTo(2);
    }

    @Test
    void forgetsADeletedSubject() {
        client.register("orders-value", ORDER);
        assertThat(client.deleteSubject("orders-value")).containsExactly(1);

        assertThatThrownBy(() -> client.idOf("orders-value", ORDER)).isInstanceOf(SchemaNotFoundException.class);
        assertThatThrownBy(() -> client.latest("orders-value")).isInstanceOf(SchemaNotFoundException.class);
    }

    @Test
    void encodesSubjectsInPaths() {
        registry.add("a", ORDER.toString());
        assertThatThrownBy(() -> client.versions("a/../b c?d")).isInstanceOf(SchemaNotFoundException.class);

        assertThat(registry.requests()).containsExactly("GET /subjects/a%2F..%2Fb%20c%3Fd/versions");
    }

    @Test
    void checksCompatibility() {
        assertThat(client.check("orders-value", OTHER)).isEqualTo(new CompatibilityResult(true, List.of()));
        registry.add("orders-value", ORDER.toString());

        assertThat(client.check("orders-value", WIDER)).isEqualTo(new CompatibilityResult(true, List.of()));
        assertThat(client.check("orders-value", OTHER))
                .isEqualTo(new CompatibilityResult(false, List.of("reader type differs")));
    }

    @Test
    void setsCompatibility() {
        registry.add("orders-value", ORDER.toString());
        assertThat(client.compatibility("orders-value")).isEqualTo(Compatibility.BACKWARD);
        client.setCompatibility("orders-value", Compatibility.NONE);

        assertThat(client.compatibility("orders-value")).isEqualTo(Compatibility.NONE);
        assertThat(client.register("orders-value", OTHER)).isEqualTo(2);
    }

    @Test
    void findsTheRegistrysCompatibilityForAMissingSubject() {
        assertThat(client.compatibility("gone-value")).isEqualTo(Compatibility.FULL);
    }

    @Test
    void tellsWhatIsMissing() {
        registry.add("orders-value", ORDER.toString());
        assertMissing(40401, () -> client.latest("gone-value"));
        assertMissing(40402, () -> client.version("orders-value", 9));
        assertMissing(40402, () -> client.version("orders-value", 0));
        assertMissing(40403, () -> client.idOf("orders-value", OTHER));
        assertMissing(40403, () -> client.schemaById(77));
        assertMissing(40403, () -> client.schemaById(-1));
    }

    @Test
    void tellsAnIncompatibleSchema() {
        registry.add("orders-value", ORDER.toString());
        assertThatThrownBy(() -> client.register("orders-value", OTHER))
                .isInstanceOf(IncompatibleSchemaException.class)
                .hasMessage("Cannot register a schema under `orders-value`: the schema registry at " + registry.url()
                        + " answered 409: Schema being registered is incompatible with an earlier schema.");
    }

    @Test
    void tellsOtherRefusals() {
        registry.answerNext(422, "{\"error_code\":42201,\"message\":\"Invalid schema\"}");
        SchemaRegistryException refused =
                catchThrowableOfType(SchemaRegistryException.class, () -> client.register("a", ORDER));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.errorCode()).isEqualTo(42201);
        assertThat(refused).isExactlyInstanceOf(SchemaRegistryException.class);

        registry.answerNext(401, "<html>no</html>");
        assertThatThrownBy(client::subjects)
                .isExactlyInstanceOf(SchemaRegistryException.class)
                .hasMessageEndingWith("answered 401. Check `basic.auth.credentials.source` and `basic.auth.user.info`,"
                        + " and the rights of that user.");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void triesAgainWhenTheRegistryIsBusyOrBroken(int status) {
        registry.answerNext(status, "").answerNext(status, "{\"error_code\":50002}");
        assertThat(client.register("orders-value", ORDER)).isEqualTo(1);
        assertThat(registry.requests()).hasSize(3);
    }

    @Test
    void givesUpAfterAllRetries() {
        for (int i = 0; i < 3; i++) {
            registry.answerNext(500, "{\"error_code\":50001,\"message\":\"Error in the backend data store.\"}");
        }
        RegistryUnavailableException unavailable =
                catchThrowableOfType(RegistryUnavailableException.class, () -> client.schemaById(1));

        assertThat(registry.requests()).hasSize(3);
        assertThat(unavailable.status()).isEqualTo(500);
        assertThat(unavailable.errorCode()).isEqualTo(50001);
        assertThat(unavailable)
                .hasMessage("Cannot get the schema with id 1: the schema registry at " + registry.url()
                        + " answered 500 (50001): Error in the backend data store, after 3 tries. Start the registry"
                        + " or mend `schema.registry.url`, then try again.");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 409, 422})
    void doesNotRepeatRefusedRequests(int status) {
        registry.answerNext(status, "{}");
        assertThatThrownBy(() -> client.register("a", ORDER)).isInstanceOf(SchemaRegistryException.class);
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void remembersNoFailure() {
        registry.answerNext(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
        assertMissing(40403, () -> client.schemaById(1));
        registry.add("orders-value", ORDER.toString());

        assertThat(client.schemaById(1)).isEqualTo(ORDER);
    }

    @Test
    void goesToTheNextServerWhenOneIsDown() throws IOException {
        registry.add("orders-value", ORDER.toString());
        SchemaRegistryClient failingOver = client(
                Map.of("schema.registry.url", "http://127.0.0.1:" + unusedPort() + " , " + registry.url() + "/"));

        assertThat(failingOver.schemaById(1)).isEqualTo(ORDER);
        assertThat(failingOver.subjects()).containsExactly("orders-value");
    }

    @Test
    void saysWhenNoServerIsThere() throws IOException {
        SchemaRegistryClient lonely = client(Map.of("schema.registry.url", "http://127.0.0.1:" + unusedPort()));
        assertThatThrownBy(lonely::subjects)
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageStartingWith("Cannot list the subjects: the schema registry at http://127.0.0.1:")
                .hasMessageContaining("cannot be reached: ConnectException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Welcome</html>", "{\"schema\":7}", "{}", ""})
    void saysWhenTheAnswerIsOfNoUse(String body) {
        registry.answerNext(200, body);
        assertThatThrownBy(() -> client.schemaById(1))
                .isExactlyInstanceOf(SchemaRegistryException.class)
                .hasMessageStartingWith("Cannot get the schema with id 1: ");
    }

    @Test
    void refusesOtherKindsOfSchemas() {
        registry.answerNext(200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message M {}\"}");
        assertThatThrownBy(() -> client.schemaById(1))
                .hasMessage("Cannot get the schema with id 1: it is of type PROTOBUF, not AVRO.");
        registry.answerNext(200, "{\"schema\":\"{\"}");
        assertThatThrownBy(() -> client.schemaById(1))
                .isInstanceOf(UnusableSchemaException.class)
                .hasMessageStartingWith("Cannot get the schema with id 1: Avro does not understand it: ");
    }

    /** apache/hudi#8519, AbsaOSS/ABRiS#187. */
    @Test
    void takesInTheTypesThatASchemaRefersTo() {
        registry.add("country", record("t.Country", "{'name': 'code', 'type': 'string'}"));
        registry.add("address", record("t.Address", "{'name': 'country', 'type': 't.Country'}"), List.of("country"));
        int id = registry.add(
                "orders-value",
                record("t.Order", "{'name': 'to', 'type': 't.Address'}, {'name': 'of', 'type': 't.Country'}"),
                List.of("address", "country"));

        Schema order = client.schemaById(id);

        Schema address = order.getField("to").schema();
        assertThat(address.getField("country").schema())
                .isSameAs(order.getField("of").schema());
        assertThat(new Schema.Parser().parse(order.toString())).isEqualTo(order);
        SchemaRegistryClient fresh = client(Map.of());
        assertThat(fresh.latest("orders-value").schema()).isEqualTo(order);
        assertThat(fresh.schemaById(id)).isSameAs(fresh.latest("orders-value").schema());
    }

    @Test
    void saysWhichReferenceIsMissing() {
        registry.add("address", record("t.Address", "{'name': 'country', 'type': 't.Country'}"), List.of("country"));
        int id = registry.add(
                "orders-value", record("t.Order", "{'name': 'to', 'type': 't.Address'}"), List.of("address"));

        assertThatThrownBy(() -> client.schemaById(id))
                .isInstanceOf(UnusableSchemaException.class)
                .hasMessage("Cannot get the schema with id 2: version 1 of `address` refers to version 1 of `country`,"
                        + " which the registry does not have. Register that, or register version 1 of `address` whole,"
                        + " with the types inside.");
    }

    @Test
    void endsWhereReferencesGoInCircles() {
        registry.add("a", record("t.A", "{'name': 'b', 'type': 't.B'}"), List.of("b"));
        registry.add("b", record("t.B", "{'name': 'a', 'type': 't.A'}"), List.of("a"));

        assertThatThrownBy(() -> client.latest("a"))
                .isInstanceOf(UnusableSchemaException.class)
                .hasMessageContaining("Avro does not understand");
    }

    private static String record(String name, String fields) {
        return "{'type': 'record', 'name': '%s', 'fields': [%s]}"
                .formatted(name, fields)
                .replace('\'', '"');
    }

    @Test
    void readsOldSchemasWithDefaultsThatAvroWouldRefuseToday() {
        String old =
                "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\",\"default\":\"x\"}]}";
        int id = registry.add("old-value", old);
        assertThat(client.schemaById(id).getFullName()).isEqualTo("R");
    }

    @Test
    void sendsCredentialsFromUserInfo() {
        client(Map.of("basic.auth.credentials.source", "USER_INFO", "basic.auth.user.info", "ana:s3:cret"))
                .subjects();
        assertThat(registry.authorizations()).containsExactly(basic("ana:s3:cret"));
    }

    @Test
    void sendsCredentialsFromTheUrlAndTellsNobody() {
        String withCredentials = registry.url().replace("http://", "http://ana:s3cret@");
        SchemaRegistryClient authenticated = client(Map.of("schema.registry.url", withCredentials));
        authenticated.subjects();
        assertThat(registry.authorizations()).containsExactly(basic("ana:s3cret"));

        registry.answerNext(403, "{}");
        assertThatThrownBy(authenticated::subjects).message().doesNotContain("s3cret");
    }

    @Test
    void namesEveryFaultOfTheConfiguration() {
        Map<String, Object> config = new HashMap<>();
        config.put("schema.registry.url", "http://a, ftp://b");
        config.put("basic.auth.credentials.source", "SASL_INHERIT");
        config.put("max.retries", "many");
        config.put("http.read.timeout.ms", 0);
        config.put("schema.registry.ssl.truststore.location", "/trust.jks");
        assertThatThrownBy(() -> new SchemaRegistryClient(config))
                .isInstanceOf(ConfigException.class)
                .hasMessage("Invalid configuration of the schema registry: `schema.registry.url` has an entry that is"
                        + " not an http or https URL with a host. `basic.auth.credentials.source` is SASL_INHERIT;"
                        + " supported are URL and USER_INFO. `http.read.timeout.ms` is `0`; it takes a whole number"
                        + " from 1 on. `max.retries` is `many`; it takes a whole number from 0 on."
                        + " `schema.registry.ssl.truststore.location` is not supported; name the trust and key store"
                        + " to the JVM (javax.net.ssl.trustStore and so on).");
        assertThatThrownBy(() -> new SchemaRegistryClient(Map.of()))
                .hasMessageContaining("`schema.registry.url` is missing");
    }

    @Test
    void takesTheNamespacedNamesToo() {
        client(Map.of(
                        "schema.registry.basic.auth.credentials.source",
                        "USER_INFO",
                        "schema.registry.basic.auth.user.info",
                        "a:b"))
                .subjects();
        assertThat(registry.authorizations()).containsExactly(basic("a:b"));
    }

    @Test
    void stopsWaitingWhenInterrupted() {
        registry.answerNext(503, "");
        SchemaRegistryClient patient = client(Map.of("retries.wait.ms", 60_000, "retries.max.wait.ms", 60_000));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(patient::subjects)
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessage("Cannot list the subjects: interrupted while waiting for the registry.");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    private static void assertMissing(int code, Runnable call) {
        SchemaNotFoundException missing = catchThrowableOfType(SchemaNotFoundException.class, call::run);
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.errorCode()).isEqualTo(code);
    }

    private SchemaRegistryClient client(Map<String, ?> more) {
        Map<String, Object> config = new HashMap<>();
        config.put("schema.registry.url", registry.url());
        config.put("max.retries", 2);
        config.put("retries.wait.ms", "1");
        config.putAll(more);
        return new SchemaRegistryClient(config, clock);
    }

    private static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static final class MovableClock extends Clock {
        private Instant now = Instant.EPOCH;

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }
}
