package dev.igarape.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiConfigTest {
    private static final Map<String, String> OPEN = Map.of("IGARAPE_API_OPEN", "true");

    @Test
    void runsOnThisMachineOnlyByDefault() {
        ApiConfig config = ApiConfig.from(OPEN);
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(8090);
        assertThat(config.limits().maxBody()).isEqualTo(1_048_576);
    }

    @Test
    void takesSizesAndDurationsWithTheirUnits() {
        ApiConfig config = ApiConfig.from(Map.of(
                "IGARAPE_API_OPEN", "true",
                "IGARAPE_API_MAX_BODY", "512 KiB",
                "IGARAPE_API_MAX_IN_FLIGHT_BYTES", "1GiB",
                "IGARAPE_API_ACK_TIMEOUT", "2m",
                "IGARAPE_API_SCHEMA_MAX_AGE", "250ms"));
        assertThat(config.limits().maxBody()).isEqualTo(524_288);
        assertThat(config.maxInFlightBytes()).isEqualTo(1L << 30);
        assertThat(config.ackTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.schemaMaxAge()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void tellsAllFaultsAtOnceAndNoSecret() {
        Map<String, String> environment = new HashMap<>();
        environment.put("IGARAPE_API_PORT", "70000");
        environment.put("IGARAPE_API_MAX_BODY", "1TB");
        environment.put("IGARAPE_API_MAX_IN_FLIGHT", "0");
        environment.put("IGARAPE_API_MAX_IN_FLIGHT_BYTES", "99999999999999999GiB");
        environment.put("IGARAPE_API_ACK_TIMEOUT", "10");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "kafka");
        environment.put("SCHEMA_REGISTRY_URL", "http://user:hunter2@registry:8081");
        environment.put("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "user:hunter3");
        assertThatThrownBy(() -> ApiConfig.from(environment))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(
                        "IGARAPE_API_PORT is '70000'. Give a whole number from 0 to 65535.",
                        "IGARAPE_API_MAX_BODY is '1TB'.",
                        "IGARAPE_API_MAX_IN_FLIGHT is '0'.",
                        "IGARAPE_API_MAX_IN_FLIGHT_BYTES is '99999999999999999GiB'.",
                        "IGARAPE_API_ACK_TIMEOUT is '10'. Give a duration from 1000ms to 300000ms, such as 500ms or"
                                + " 10s.",
                        "KAFKA_BOOTSTRAP_SERVERS has 'kafka'. Give host:port",
                        "SCHEMA_REGISTRY_URL is no http or https address without a user in it.")
                .hasMessageNotContaining("hunter");
    }

    @Test
    void wantsRoomForOneBody() {
        assertThatThrownBy(() -> ApiConfig.from(
                        Map.of("IGARAPE_API_MAX_BODY", "2MiB", "IGARAPE_API_MAX_IN_FLIGHT_BYTES", "1MiB")))
                .hasMessageContaining("less than one body of IGARAPE_API_MAX_BODY (2097152)");
    }

    @Test
    void showsNoSecretAsText() {
        assertThat(ApiConfig.from(
                        Map.of("IGARAPE_API_OPEN", "true", "SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "user:hunter2")))
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void saysThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ApiServer server = new ApiServer(ApiConfig.from(
                        Map.of("IGARAPE_API_OPEN", "true", "IGARAPE_API_PORT", "" + taken.getLocalPort())))) {
            assertThatThrownBy(server::start)
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("Cannot listen on 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("set IGARAPE_API_HOST and IGARAPE_API_PORT");
        }
    }

    @Test
    void letsnobodyInUnasked() {
        assertThatThrownBy(() -> ApiConfig.from(Map.of()))
                .hasMessageContaining("Who may come in? Name a file of tokens in IGARAPE_API_TOKENS_FILE,"
                        + " or let everyone in with IGARAPE_API_OPEN=true.");
        assertThatThrownBy(
                        () -> ApiConfig.from(Map.of("IGARAPE_API_OPEN", "true", "IGARAPE_API_TOKENS_FILE", "/tokens")))
                .hasMessageContaining("IGARAPE_API_OPEN is true beside IGARAPE_API_TOKENS_FILE.");
        assertThatThrownBy(() -> ApiConfig.from(Map.of("IGARAPE_API_OPEN", "yes")))
                .hasMessageContaining("IGARAPE_API_OPEN is 'yes'. Give true or false.");
    }
}
