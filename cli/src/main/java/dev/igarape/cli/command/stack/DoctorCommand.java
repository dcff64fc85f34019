package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.doctor.HealthCheck;
import dev.igarape.cli.doctor.MachineChecks;
import dev.igarape.cli.doctor.ServerChecks;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.model.error.ExitCode;
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
public final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        LocalStack stack = context.stack();
        List<LocalStack.ServerStatus> servers = stack.status();
        long memory =
                servers.stream().mapToLong(LocalStack.ServerStatus::memoryBytes).sum();
        List<HealthCheck> checks = new ArrayList<>(
                new MachineChecks(context.workspace(), stack.profile(), System.getenv()).checks(memory));
        checks.addAll(ServerChecks.checks(servers, stack.profile().ports(), stack.ports()));
        checks.addAll(ServerChecks.connectors(StatusCommand.connectors(context, servers)));
        output.print(spec.commandLine().getOut(), checks, out -> print(checks, out));
        return status(checks).status();
    }

    private static void print(List<HealthCheck> checks, PrintWriter out) {
        for (HealthCheck check : checks) {
            out.printf("%-6s %-20s %s%n", check.passed() ? "ok" : "FAILED", check.name(), check.finding());
            check.remedy().ifPresent(remedy -> out.printf("       %-20s %s%n", "", remedy));
        }
    }

    private static ExitCode status(List<HealthCheck> checks) {
        List<HealthCheck> failed =
                checks.stream().filter(check -> !check.passed()).toList();
        if (failed.isEmpty()) {
            return ExitCode.DONE;
        }
        return failed.stream().anyMatch(check -> check.area() == HealthCheck.Area.MACHINE)
                ? ExitCode.USAGE
                : ExitCode.UNAVAILABLE;
    }
}
