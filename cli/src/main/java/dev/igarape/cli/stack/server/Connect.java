package dev.igarape.cli.stack.server;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One worker of Kafka Connect, with Debezium's connector for PostgreSQL. */
public final class Connect implements Server {
    static final String NAME = "connect";

    private final StackContext context;

    public Connect(StackContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Its connectors may read the stack's PostgreSQL. */
    @Override
    public Set<String> dependencies() {
        return Set.of(Kafka.NAME, Registry.NAME, Postgres.NAME);
    }

    /**
     * Whether it has been started before: most stacks do without it, but where connectors read a database, that keeps its
     * log for them until they do.
     */
    @Override
    public boolean startsWithStack() {
        return Files.exists(secrets(context.workspace()));
    }

    @Override
    public void install() {
        jars();
    }

    private Path jars() {
        return context.installer().jars(NAME, false).resolve("lib");
    }

    /** The folder of the values that connectors' configurations name; only files in it are read. */
    public static Path secrets(Workspace workspace) {
        return workspace.data(NAME).resolve("secrets");
    }

    private Path properties() {
        return context.workspace().conf().resolve("connect/connect.properties");
    }

    @Override
    public Daemon.Launch launch() {
        ConfigTemplate.fill(context.file("cli/servers/connect/connect.properties"), properties(), context.values(NAME));
        return new Daemon.Launch(
                List.of(
                        Jdk.current().java(),
                        "-Xms64m",
                        "-Xmx384m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss,SSS",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.log.io.debezium=info",
                        "-cp",
                        jars() + "/*",
                        "org.apache.kafka.connect.cli.ConnectDistributed",
                        properties().toString()),
                Map.of(),
                context.workspace().data(NAME),
                context.workspace().log(NAME));
    }

    @Override
    public void prepare() {
        try {
            Files.createDirectories(secrets(context.workspace()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Path> configuration() {
        return List.of(context.workspace().conf().resolve(NAME));
    }

    /** It answers so once it has read its topics and joined its group. */
    @Override
    public boolean ready() {
        return Probe.get(context.ports().of(Port.CONNECT), "/health")
                .filter(health -> health.contains("healthy"))
                .isPresent();
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of(
                "Kafka Connect", "http://" + Probe.HOST + ":" + context.ports().of(Port.CONNECT));
    }
}
