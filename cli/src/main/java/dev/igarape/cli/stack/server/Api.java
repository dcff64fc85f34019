package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.Artifacts;
import dev.igarape.cli.install.Fingerprint;
import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.model.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The HTTP API, which lets in who has the stack's token. */
public final class Api implements Server {
    static final String NAME = "api";
    /** The secret that may do everything with the API. */
    public static final String TOKEN = "api/token";

    private final StackContext around;

    public Api(StackContext around) {
        this.around = around;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** It answers without them, but is ready only when they are. */
    @Override
    public Set<String> needs() {
        return Set.of(Kafka.NAME, Registry.NAME);
    }

    @Override
    public void install() {
        new Artifacts(around.workspace()).api();
    }

    @Override
    public Daemon.Launch launch() {
        Path jar = new Artifacts(around.workspace()).api();
        writeTokens();
        String host = Probe.HOST + ":";
        return new Daemon.Launch(
                List.of(
                        Jdk.current().java(),
                        "-Xmx192m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-Djar.fingerprint=" + new Fingerprint().content(jar).hex(),
                        "-jar",
                        jar.toString()),
                Map.of(
                        "IGARAPE_API_HOST",
                        Probe.HOST,
                        "IGARAPE_API_PORT",
                        Integer.toString(around.ports().of(Port.API)),
                        "KAFKA_BOOTSTRAP_SERVERS",
                        host + around.ports().of(Port.KAFKA),
                        "SCHEMA_REGISTRY_URL",
                        "http://" + host + around.ports().of(Port.REGISTRY) + Registry.CONFLUENT,
                        "IGARAPE_API_TOKENS_FILE",
                        tokens().toString()),
                around.workspace().data(NAME),
                around.workspace().log(NAME));
    }

    private Path tokens() {
        return around.workspace().conf().resolve("api/tokens.json");
    }

    /** One token that may do everything; the file has only its hash. */
    private void writeTokens() {
        Map<String, Object> token = Map.of(
                "name",
                "demo",
                "sha256",
                sha256(around.credentials().secret(TOKEN)),
                "rights",
                Map.of("*", List.of("read", "produce", "schema")));
        try {
            ConfigTemplate.write(
                    tokens(),
                    Json.mapper()
                                    .writerWithDefaultPrettyPrinter()
                                    .writeValueAsString(Map.of("tokens", List.of(new TreeMap<>(token))))
                            + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public List<Path> configuration() {
        return List.of();
    }

    @Override
    public boolean ready() {
        return Probe.get(around.ports().of(Port.API), "/health/ready").isPresent();
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("HTTP API", "http://" + Probe.HOST + ":" + around.ports().of(Port.API));
    }
}
