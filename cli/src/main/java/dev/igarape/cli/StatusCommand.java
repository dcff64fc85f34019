package dev.igarape.cli;

import dev.igarape.cli.stack.LocalStack;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "status", description = "Show which servers run, and where.")
final class StatusCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        print(lake.stack().status(), spec.commandLine().getOut());
    }

    static void print(List<LocalStack.State> states, PrintWriter out) {
        for (LocalStack.State state : states) {
            out.printf("%-9s %s%n", state.name(), state.condition().name().toLowerCase(Locale.ROOT));
            state.addresses().forEach((what, where) -> out.printf("          %-20s %s%n", what, where));
        }
        out.flush();
    }
}
