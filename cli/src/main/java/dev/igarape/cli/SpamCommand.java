package dev.igarape.cli;

import dev.igarape.cli.http.JsonClient;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.cli.topic.Pace;
import dev.igarape.cli.topic.Spam;
import dev.igarape.model.Target;
import dev.igarape.wire.SchemaRegistryClient;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.Random;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "spam", description = "Send random events that fit a topic's schema through the HTTP API.")
final class SpamCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "TOPIC", description = "The topic; its schema is the newest of <topic>-value.")
    private String topic;

    @Option(names = "--count", paramLabel = "N", description = "End after so many events; without it, with Ctrl-C.")
    private Optional<Long> count = Optional.empty();

    @Option(names = "--delay", paramLabel = "MILLISECONDS", description = "Time between two events.")
    private Optional<Long> delay = Optional.empty();

    @Option(names = "--rate", paramLabel = "R", description = "Events a second (10).")
    private Optional<Double> rate = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", description = "The same seed sends the same values, times apart.")
    private Optional<Long> seed = Optional.empty();

    @Override
    public void run() {
        Target target = TargetFile.read(lake.workspace());
        JsonClient api = JsonClient.to("HTTP API", target.variables().get("EVENTS_API"))
                .with("Authorization", "Bearer " + lake.stack().apiToken());
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry())) {
            long sent = new Spam(api, registry, lake.progress())
                    .send(
                            topic,
                            count.orElse(Long.MAX_VALUE),
                            Pace.of(delay, rate),
                            seed.map(Random::new).orElseGet(Random::new));
            PrintWriter out = spec.commandLine().getOut();
            out.printf("Sent %d events to %s%n", sent, topic);
            out.flush();
        }
    }
}
