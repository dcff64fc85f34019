package dev.igarape.cli;

import dev.igarape.cli.doctor.Check;
import dev.igarape.cli.doctor.Health;
import dev.igarape.cli.doctor.Machine;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.model.ExitCode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "doctor",
        description = {
            "Check this machine and the servers, and say what to do about what is wrong.",
            "Ends with 0 when all is well, 2 when the machine lacks something, 4 when a server is ill."
        })
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        LocalStack stack = lake.stack();
        List<LocalStack.State> states = stack.status();
        long memory = states.stream().mapToLong(LocalStack.State::memoryBytes).sum();
        List<Check> checks = new ArrayList<>(new Machine(lake.workspace(), System.getenv()).checks(memory));
        checks.addAll(Health.checks(states, stack.ports()));
        output.print(spec.commandLine().getOut(), checks, out -> print(checks, out));
        return status(checks).status();
    }

    private static void print(List<Check> checks, PrintWriter out) {
        for (Check check : checks) {
            out.printf("%-6s %-20s %s%n", check.passed() ? "ok" : "FAILED", check.name(), check.finding());
            check.remedy().ifPresent(remedy -> out.printf("       %-20s %s%n", "", remedy));
        }
    }

    private static ExitCode status(List<Check> checks) {
        List<Check> failed = checks.stream().filter(check -> !check.passed()).toList();
        if (failed.isEmpty()) {
            return ExitCode.DONE;
        }
        return failed.stream().anyMatch(check -> check.area() == Check.Area.MACHINE)
                ? ExitCode.USAGE
                : ExitCode.UNAVAILABLE;
    }
}
