package dev.igarape.cli.stack.server;

import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Apicurio Registry, of which the lake uses the Confluent API. */
public final class Registry implements Server {
    static final String NAME = "registry";
    /** Where it speaks Confluent's API. */
    public static final String CONFLUENT = "/apis/ccompat/v7";

    private static final int JAVA = 21;
    private final StackContext around;

    public Registry(StackContext around) {
        this.around = around;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void install() {
        distribution();
        around.installer().jdk(JAVA);
    }

    private Path distribution() {
        return around.installer().archive(NAME, "", folder -> {});
    }

    @Override
    public Daemon.Launch launch() {
        Path configuration = around.workspace().conf().resolve("registry/application.properties");
        ConfigTemplate.fill(
                around.file("cli/servers/registry/application.properties"), configuration, around.values(NAME));
        return new Daemon.Launch(
                List.of(
                        around.installer().jdk(JAVA).java(),
                        "-Xmx256m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dquarkus.config.locations=" + configuration,
                        "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                        "-jar",
                        distribution().resolve("quarkus-run.jar").toString()),
                Map.of(),
                around.workspace().data(NAME),
                around.workspace().log(NAME));
    }

    @Override
    public List<Path> configuration() {
        return List.of(around.workspace().conf().resolve(NAME));
    }

    @Override
    public boolean ready() {
        return Probe.get(around.ports().of(Port.REGISTRY_MANAGEMENT), "/health/ready")
                .isPresent();
    }

    private String url() {
        return "http://" + Probe.HOST + ":" + around.ports().of(Port.REGISTRY);
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("Schema registry", url() + CONFLUENT);
    }
}
