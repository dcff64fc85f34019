package dev.igarape.cli.command.connect;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.connect.KafkaConnect;
import dev.igarape.cli.stack.server.Connect;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./lake connect}: the connectors of Kafka Connect. */
@Command(
        name = "connect",
        description = "Capture changes of databases into topics: the connectors of Kafka Connect.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ConnectListCommand.class,
            ConnectApplyCommand.class,
            ConnectStatusCommand.class,
            ConnectRestartCommand.class,
            ConnectDeleteCommand.class
        })
public final class ConnectCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    /** Prints the list of commands, where none is given. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    CommandContext context() {
        return context;
    }

    /** The stack's worker; LakeException UNAVAILABLE if it does not run. */
    KafkaConnect worker() {
        return worker(context);
    }

    /** The stack's worker, for commands beside these. */
    public static KafkaConnect worker(CommandContext context) {
        return new KafkaConnect(context.stack().connect(), Connect.secrets(context.workspace()));
    }
}
