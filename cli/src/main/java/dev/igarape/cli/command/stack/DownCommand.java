package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "down", description = "Stop the local stack; all data stay.")
public final class DownCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Override
    public void run() {
        context.stack().down();
    }
}
