package dev.igarape.cli;

import dev.igarape.cli.stack.LocalStack;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "status", description = "Show which servers run, where, and how much memory they take.")
final class StatusCommand implements Runnable {
    private static final long MEGABYTE = 1 << 20;

    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public void run() {
        List<LocalStack.State> states = lake.stack().status();
        output.print(spec.commandLine().getOut(), states, out -> print(states, out));
    }

    static void print(List<LocalStack.State> states, PrintWriter out) {
        long total = 0;
        for (LocalStack.State state : states) {
            String condition = state.condition().name().toLowerCase(Locale.ROOT);
            out.printf(
                    "%-9s %s%n",
                    state.name(),
                    state.memoryBytes() == 0
                            ? condition
                            : "%-8s %5d MB".formatted(condition, state.memoryBytes() / MEGABYTE));
            state.addresses().forEach((what, where) -> out.printf("          %-20s %s%n", what, where));
            total += state.memoryBytes();
        }
        if (total > 0) {
            out.printf("%-9s %-8s %5d MB%n", "all", "", total / MEGABYTE);
        }
        out.flush();
    }
}
