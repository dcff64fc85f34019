package dev.igarape.api;

import dev.igarape.api.http.RequestLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration of the service, read once from the environment.
 *
 * @param port 0 takes any free one
 * @param maxInFlight requests in flight at once
 * @param maxInFlightBytes bytes that they hold at once
 * @param ackTimeout how long Kafka may take to acknowledge a message
 * @param schemaMaxAge how long a subject's latest schema is taken as the latest
 * @param tokensFile who may do what; without it, everyone may do everything
 * @param tls towards clients; without it, plain HTTP
 * @param kafkaSecurity TLS and SASL towards Kafka
 * @param drainTimeout how long a shutdown waits for requests in flight
 * @param registryUserInfo {@code user:password} for the registry; a secret
 */
public record ApiConfig(
        String host,
        int port,
        String kafkaBootstrapServers,
        String schemaRegistryUrl,
        Optional<String> registryUserInfo,
        Optional<Path> tokensFile,
        Optional<Tls> tls,
        KafkaSecurity kafkaSecurity,
        RequestLimits limits,
        int maxInFlight,
        long maxInFlightBytes,
        Duration ackTimeout,
        Duration schemaMaxAge,
        Duration drainTimeout) {
    private static final long MIB = 1L << 20;

    /** @throws ConfigException with all errors at once */
    public static ApiConfig from(Map<String, String> environment) {
        Settings settings = new Settings(environment);
        long maxBody = settings.bytes("IGARAPE_API_MAX_BODY", MIB, 1, 64 * MIB);
        long maxBatch = settings.bytes("IGARAPE_API_MAX_BATCH", 16 * MIB, 1, 1024 * MIB);
        long maxInFlightBytes = settings.bytes("IGARAPE_API_MAX_IN_FLIGHT_BYTES", 32 * MIB, 1024, 1024 * MIB);
        ApiConfig config = new ApiConfig(
                settings.text("IGARAPE_API_HOST", "127.0.0.1"),
                settings.integer("IGARAPE_API_PORT", 8090, 0, 65_535),
                settings.text("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092"),
                registryUrl(settings),
                settings.text("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO"),
                tokensFile(settings),
                Tls.from(settings),
                KafkaSecurity.from(settings),
                new RequestLimits(
                        (int) maxBody,
                        settings.duration(
                                "IGARAPE_API_BODY_TIMEOUT",
                                Duration.ofSeconds(30),
                                Duration.ofMillis(100),
                                Duration.ofMinutes(10)),
                        maxBatch,
                        settings.duration(
                                "IGARAPE_API_BATCH_TIMEOUT",
                                Duration.ofMinutes(5),
                                Duration.ofMillis(100),
                                Duration.ofMinutes(60)),
                        settings.duration(
                                "IGARAPE_API_IDLE_TIMEOUT",
                                Duration.ofSeconds(60),
                                Duration.ofMillis(100),
                                Duration.ofMinutes(60)),
                        settings.integer("IGARAPE_API_MAX_CONNECTIONS", 10_000, 1, 1_000_000)),
                settings.integer("IGARAPE_API_MAX_IN_FLIGHT", 4096, 1, 1_000_000),
                maxInFlightBytes,
                settings.duration(
                        "IGARAPE_API_ACK_TIMEOUT",
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5)),
                settings.duration(
                        "IGARAPE_API_SCHEMA_MAX_AGE",
                        Duration.ofSeconds(5),
                        Duration.ofMillis(1),
                        Duration.ofMinutes(10)),
                settings.duration(
                        "IGARAPE_API_DRAIN_TIMEOUT",
                        Duration.ofSeconds(20),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10)));
        checkServers(settings, config.kafkaBootstrapServers());
        if (maxInFlightBytes < maxBody) {
            settings.addError("IGARAPE_API_MAX_IN_FLIGHT_BYTES is " + maxInFlightBytes
                    + ", less than one body of IGARAPE_API_MAX_BODY (" + maxBody + "). Raise it or lower the body's.");
        }
        settings.check();
        return config;
    }

    private static void checkServers(Settings settings, String servers) {
        for (String server : servers.split(",", -1)) {
            if (!server.strip().matches("\\[?[A-Za-z0-9._:-]+]?:\\d{1,5}")) {
                settings.addError(
                        "KAFKA_BOOTSTRAP_SERVERS has '" + server + "'. Give host:port, more than one by commas.");
            }
        }
    }

    private static Optional<Path> tokensFile(Settings settings) {
        Optional<Path> file = settings.text("IGARAPE_API_TOKENS_FILE").map(Path::of);
        boolean open = settings.flag("IGARAPE_API_OPEN", false);
        if (file.isPresent() == open) {
            settings.addError((open ? "IGARAPE_API_OPEN is true beside IGARAPE_API_TOKENS_FILE." : "Who may come in?")
                    + " Name a file of tokens in IGARAPE_API_TOKENS_FILE, or let everyone in with"
                    + " IGARAPE_API_OPEN=true.");
        }
        return file;
    }

    private static String registryUrl(Settings settings) {
        String text = settings.text("SCHEMA_REGISTRY_URL", "http://127.0.0.1:8081");
        for (String url : text.split(",", -1)) {
            if (!isHttp(url.strip())) {
                settings.addError("SCHEMA_REGISTRY_URL is no http or https address without a user in it."
                        + " Give one such as http://127.0.0.1:8081, a user in SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO.");
            }
        }
        return text;
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && uri.getUserInfo() == null
                    && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The registry client's configuration. */
    Map<String, String> registryClient() {
        Map<String, String> config = new HashMap<>();
        config.put("schema.registry.url", schemaRegistryUrl);
        // A client waits for this: rather tell it soon to come back.
        config.put("http.connect.timeout.ms", "1000");
        config.put("http.read.timeout.ms", "3000");
        config.put("max.retries", "1");
        config.put("retries.wait.ms", "100");
        // LatestSchemas keeps them, failures too.
        config.put("latest.cache.ttl.sec", "0");
        registryUserInfo.ifPresent(userInfo -> {
            config.put("basic.auth.credentials.source", "USER_INFO");
            config.put("basic.auth.user.info", userInfo);
        });
        return config;
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "ApiConfig[" + (tls.isPresent() ? "https" : "http") + "://" + host + ":" + port + ", kafka "
                + kafkaBootstrapServers + ", registry " + schemaRegistryUrl + "]";
    }
}
