package dev.igarape.cli.command.data;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.http.JsonClient;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.cli.topic.LoadGenerator;
import dev.igarape.cli.topic.RateLimiter;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.registry.SchemaRegistryClient;
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
public final class SpamCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

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
        Target target = TargetFile.read(context.workspace());
        JsonClient api = JsonClient.to("HTTP API", target.variables().get("EVENTS_API"))
                .with("Authorization", "Bearer " + context.stack().apiToken());
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry())) {
            long sent = new LoadGenerator(api, registry, context.progress())
                    .send(
                            topic,
                            count.orElse(Long.MAX_VALUE),
                            RateLimiter.of(delay, rate),
                            seed.map(Random::new).orElseGet(Random::new));
            PrintWriter out = spec.commandLine().getOut();
            out.printf("Sent %d events to %s%n", sent, topic);
            out.flush();
        }
    }
}
