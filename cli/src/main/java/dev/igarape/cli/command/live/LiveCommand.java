package dev.igarape.cli.command.live;

import dev.igarape.cli.command.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code ./lake live}: the service that builds tables as rows come. */
@Command(
        name = "live",
        description = "Build tables as rows come: a service in a warm Spark session.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LiveStartCommand.class, LiveStatusCommand.class, LiveStopCommand.class})
public final class LiveCommand implements Runnable {
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
}
