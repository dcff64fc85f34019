package dev.igarape.cli.stack;

import dev.igarape.cli.Artifacts;
import dev.igarape.cli.install.Fingerprint;
import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Daemon;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The HTTP API. */
final class Api implements Server {
    static final String NAME = "api";
    private final Surroundings around;

    Api(Surroundings around) {
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
                        "http://" + host + around.ports().of(Port.REGISTRY) + Registry.CONFLUENT),
                around.workspace().data(NAME),
                around.workspace().log(NAME));
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
