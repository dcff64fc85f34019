package dev.igarape.cli.command.stack;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.doctor.HealthCheck;
import dev.igarape.cli.doctor.MachineChecks;
import dev.igarape.cli.doctor.ServerChecks;
import dev.igarape.cli.doctor.TableChecks;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Deployment;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.cli.stack.server.Storage;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobResult;
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
            "Check this machine, the servers and the deployed tables, and say what to do about what is wrong.",
            "Ends with 0 when all is well, 2 when the machine lacks something, 4 when a server is ill, 5 when a table is"
                    + " not as its ledger says."
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
        checks.addAll(tables(servers));
        output.print(spec.commandLine().getOut(), checks, out -> print(checks, out));
        return status(checks).status();
    }

    /** Checks of the tables that are deployed; none while HDFS or the metastore does not answer. */
    private List<HealthCheck> tables(List<LocalStack.ServerStatus> servers) {
        List<LocalStack.ServerStatus> storage = servers.stream()
                .filter(server -> server.group().equals(Storage.NAME))
                .toList();
        boolean answers = !storage.isEmpty()
                && storage.stream().allMatch(server -> server.condition() == LocalStack.Condition.READY);
        Workspace workspace = context.workspace();
        List<TableName> tables = new Deployment(workspace)
                .deployed()
                .map(manifest -> new Selection(manifest).tablesOrAll(List.of()))
                .orElse(List.of());
        if (!answers || tables.isEmpty()) {
            return List.of();
        }
        Spark spark = Spark.install(workspace, context.installer());
        Job.Result end = new Job(spark, workspace, workspace.manifest(), workspace.target(), context.debug())
                .run(JobCommand.INSPECT, tables, List.of());
        return TableChecks.checks(end.tables(Inspected.class).map(JobResult::tables), end.status());
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
        if (failed.stream().anyMatch(check -> check.area() == HealthCheck.Area.MACHINE)) {
            return ExitCode.USAGE;
        }
        return failed.stream().anyMatch(check -> check.area() == HealthCheck.Area.STACK)
                ? ExitCode.UNAVAILABLE
                : ExitCode.EXPECTATION;
    }
}
