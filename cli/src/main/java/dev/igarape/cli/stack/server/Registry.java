package dev.igarape.cli.stack.server;

import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Apicurio Registry, whose Confluent API the lake uses. */
public final class Registry implements Server {
    static final String NAME = "registry";
    /** The path of Confluent's API. */
    public static final String CONFLUENT = "/apis/ccompat/v7";

    private static final int JAVA = 21;
    private final StackContext context;

    public Registry(StackContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void install() {
        distribution();
        context.installer().jdk(JAVA);
    }

    private Path distribution() {
        return context.installer().archive(NAME, "", folder -> {});
    }

    @Override
    public Daemon.Launch launch() {
        Path configuration = context.workspace().conf().resolve("registry/application.properties");
        ConfigTemplate.fill(
                context.file("cli/servers/registry/application.properties"), configuration, context.values(NAME));
        return new Daemon.Launch(
                List.of(
                        context.installer().jdk(JAVA).java(),
                        "-Xmx256m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.config.locations=" + configuration,
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-jar",
                        distribution().resolve("quarkus-run.jar").toString()),
                Map.of(),
                context.workspace().data(NAME),
                context.workspace().log(NAME));
    }

    @Override
    public List<Path> configuration() {
        return List.of(context.workspace().conf().resolve(NAME));
    }

    @Override
    public boolean ready() {
        return Probe.get(context.ports().of(Port.REGISTRY_MANAGEMENT), "/health/ready")
                .isPresent();
    }

    private String url() {
        return "http://" + Probe.HOST + ":" + context.ports().of(Port.REGISTRY);
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("Schema registry", url() + CONFLUENT);
    }
}
