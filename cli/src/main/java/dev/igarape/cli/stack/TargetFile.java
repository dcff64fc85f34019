package dev.igarape.cli.stack;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import dev.igarape.cli.stack.config.SecretFile;
import dev.igarape.cli.stack.server.Kafka;
import dev.igarape.cli.stack.server.NameService;
import dev.igarape.cli.stack.server.Probe;
import dev.igarape.cli.stack.server.Registry;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The files of targets for the jobs: of {@code local}, this checkout's stack, and of those that a project declares. */
public final class TargetFile {
    private TargetFile() {}

    static void write(Workspace workspace, Profile profile, Ports ports) {
        String host = Probe.HOST + ":";
        Target target = new Target(
                "local",
                "",
                NameService.uri(profile, ports),
                "/lake",
                "thrift://" + host + ports.of(Port.METASTORE),
                Map.of("bootstrap.servers", Kafka.bootstrap(profile, ports)),
                Map.of("schema.registry.url", "http://" + host + ports.of(Port.REGISTRY) + Registry.CONFLUENT),
                "jdbc:trino://" + host + ports.of(Port.TRINO) + "/lake",
                "lake",
                Map.of("EVENTS_API", "http://" + host + ports.of(Port.API)),
                Optional.empty(),
                Optional.of(NameService.ofClients(profile, ports)).filter(settings -> !settings.isEmpty()),
                Optional.empty());
        try {
            ConfigTemplate.writeAtomically(workspace.target(), text(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a target that the project declares, for the jobs; only its owner may read it. */
    public static Path write(Workspace workspace, Target target) {
        Path file = workspace.state().resolve("targets").resolve(target.name() + ".json");
        try {
            SecretFile.write(file, text(target).getBytes(StandardCharsets.UTF_8));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Target target) throws IOException {
        return Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(target) + "\n";
    }

    /** Reads the target {@code local}, as the last {@code up} wrote it. */
    public static Target read(Workspace workspace) {
        if (!Files.exists(workspace.target())) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE, "The local stack has never been started here. Run: ./lake up");
        }
        try {
            return Json.mapper().readValue(workspace.target().toFile(), Target.class);
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot read %s: %s. Run ./lake up, which writes it.".formatted(workspace.target(), e.getMessage()),
                    e);
        }
    }
}
