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

/** The HTTP API, with one token that has all permissions. */
public final class Api implements Server {
    static final String NAME = "api";
    /** The name of the token's secret. */
    public static final String TOKEN = "api/token";

    private final StackContext context;

    public Api(StackContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** It starts without them, but is ready only when they are. */
    @Override
    public Set<String> dependencies() {
        return Set.of(Kafka.NAME, Registry.NAME);
    }

    @Override
    public void install() {
        new Artifacts(context.workspace()).api();
    }

    @Override
    public Daemon.Launch launch() {
        Path jar = new Artifacts(context.workspace()).api();
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
                        Integer.toString(context.ports().of(Port.API)),
                        "KAFKA_BOOTSTRAP_SERVERS",
                        Kafka.bootstrap(context.profile(), context.ports()),
                        "SCHEMA_REGISTRY_URL",
                        "http://" + host + context.ports().of(Port.REGISTRY) + Registry.CONFLUENT,
                        "IGARAPE_API_TOKENS_FILE",
                        tokens().toString()),
                context.workspace().data(NAME),
                context.workspace().log(NAME));
    }

    private Path tokens() {
        return context.workspace().conf().resolve("api/tokens.json");
    }

    /** Writes the tokens file, which has only the token's hash. */
    private void writeTokens() {
        Map<String, Object> token = Map.of(
                "name",
                "demo",
                "sha256",
                sha256(context.credentials().secret(TOKEN)),
                "rights",
                Map.of("*", List.of("read", "produce", "schema")));
        try {
            ConfigTemplate.writeAtomically(
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
        return Probe.get(context.ports().of(Port.API), "/health/ready").isPresent();
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("HTTP API", "http://" + Probe.HOST + ":" + context.ports().of(Port.API));
    }
}
