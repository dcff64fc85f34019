package dev.igarape.cli;

import dev.igarape.cli.stack.LocalStack;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "up", description = "Start the local stack, or what of it is not running.")
final class UpCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Option(names = "--only", split = ",", paramLabel = "SERVER", description = "Start just these servers.")
    private Set<String> only = new LinkedHashSet<>();

    @Override
    public void run() {
        LocalStack stack = lake.stack();
        stack.up(only);
        PrintWriter out = spec.commandLine().getOut();
        StatusCommand.print(stack.status(), out);
    }
}
