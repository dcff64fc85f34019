package dev.igarape.cli.command.data;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.cli.topic.MessageFormatter;
import dev.igarape.cli.topic.StartPosition;
import dev.igarape.cli.topic.TopicReader;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "topic", description = "Look into Kafka's topics.", synopsisSubcommandLabel = "COMMAND")
public final class TopicCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    /** Prints the list of commands, where none is given. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "tail",
            description = "Show a topic's messages as they come, each decoded to a line of JSON; ends with Ctrl-C.")
    void tail(
            @Parameters(paramLabel = "TOPIC", description = "The topic.") String topic,
            @Option(
                            names = "--from",
                            paramLabel = "WHERE",
                            defaultValue = "latest",
                            description =
                                    "earliest, latest (default), a time such as 2024-01-01T12:00:00Z, an offset, or"
                                            + " -N: N messages before each partition's end.")
                    String from,
            @Option(names = "--count", paramLabel = "N", description = "End after so many messages.") Long count) {
        Target target = TargetFile.read(context.workspace());
        StartPosition start = StartPosition.parse(from);
        AtomicLong left = new AtomicLong(count == null ? Long.MAX_VALUE : count);
        PrintWriter out = spec.commandLine().getOut();
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry())) {
            MessageFormatter formatter = new MessageFormatter(registry);
            new TopicReader(target.kafka()).read(topic, start, batch -> {
                print(batch, formatter, left, out);
                // The reader of our output may have ended, as head does.
                return left.get() > 0 && !out.checkError();
            });
        }
    }

    private static void print(
            List<ConsumerRecord<byte[], byte[]>> batch, MessageFormatter formatter, AtomicLong left, PrintWriter out) {
        for (ConsumerRecord<byte[], byte[]> message : batch) {
            if (left.get() > 0) {
                out.println(formatter.format(message));
                left.decrementAndGet();
            }
        }
    }
}
