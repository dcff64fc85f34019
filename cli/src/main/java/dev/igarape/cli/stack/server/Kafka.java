package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/** One Kafka broker, its own controller. */
public final class Kafka implements Server {
    static final String NAME = "kafka";
    private final StackContext context;

    public Kafka(StackContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void install() {
        jars();
    }

    private Path jars() {
        return context.installer().jars(NAME, false).resolve("lib");
    }

    private Path properties() {
        return context.workspace().conf().resolve("kafka/server.properties");
    }

    @Override
    public Daemon.Launch launch() {
        ConfigTemplate.fill(context.file("cli/servers/kafka/server.properties"), properties(), context.values(NAME));
        return new Daemon.Launch(
                List.of(
                        Jdk.current().java(),
                        "-Xms128m",
                        "-Xmx512m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "-Dorg.slf4j.simpleLogger.showDateTime=true",
                        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss,SSS",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                        "-Dorg.slf4j.simpleLogger.log.kafka.server=info",
                        "-cp",
                        jars() + "/*",
                        "kafka.Kafka",
                        properties().toString()),
                Map.of(),
                context.workspace().data(NAME),
                context.workspace().log(NAME));
    }

    @Override
    public void prepare() {
        if (Files.exists(context.workspace().data(NAME).resolve("log/meta.properties"))) {
            return;
        }
        ExternalCommand.of(
                        Jdk.current().java(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        jars() + "/*",
                        "kafka.tools.StorageTool",
                        "format",
                        "--ignore-formatted",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        properties().toString())
                .run(
                        context.workspace().state(),
                        context.workspace().log(NAME),
                        "format Kafka's data folder",
                        "Is there room on the disk?");
    }

    @Override
    public List<Path> configuration() {
        return List.of(context.workspace().conf().resolve(NAME));
    }

    @Override
    public boolean ready() {
        if (!Probe.listens(context.ports().of(Port.KAFKA))) {
            return false;
        }
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers", bootstrap(), "request.timeout.ms", "5000", "default.api.timeout.ms", "5000"))) {
            return !admin.describeCluster().nodes().get(5, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String bootstrap() {
        return Probe.HOST + ":" + context.ports().of(Port.KAFKA);
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("Kafka", bootstrap());
    }
}
