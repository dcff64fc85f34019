package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.command.connect.ConnectCommand;
import dev.igarape.cli.connect.ConnectorHealth;
import dev.igarape.cli.connect.ConnectorReport;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.cli.stack.TargetFile;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = {
            "Show which servers run, where, and how much memory they take; how connectors are, and the last dates stand.",
            "With names, show how these tables stand instead: their dates, rows, last commit and quarantine, of tables"
                    + " with keys the Delta table, and what is wrong with them."
        })
public final class StatusCommand implements Callable<Integer> {
    private static final long MEGABYTE = 1 << 20;

    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Parameters(
            paramLabel = "TABLE|PIPELINE",
            arity = "0..*",
            description = "Which tables; without it, the servers and the last dates of all tables.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        if (!names.isEmpty()) {
            return tables();
        }
        if (!target.isLocal()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Servers are those of the local stack, and --target is for tables. Name the tables or pipelines to"
                            + " show.");
        }
        List<LocalStack.ServerStatus> servers = context.stack().status();
        List<ConnectorHealth> connectors = connectors(context, servers);
        Optional<DateGrid> grid = grid(servers);
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("servers", servers);
        status.put("connectors", connectors);
        grid.ifPresent(dates -> status.put("dates", dates));
        output.print(spec.commandLine().getOut(), status, out -> {
            print(servers, out);
            if (!connectors.isEmpty()) {
                out.println();
                ConnectorReport.print(connectors, out);
            }
            grid.ifPresent(dates -> dates.print(out, CommandLine.Help.Ansi.AUTO));
        });
        return ExitCode.DONE.status();
    }

    private int tables() {
        Project definitions = project.of(context);
        Path file = target.file(context, definitions);
        Target where = target.of(context, definitions);
        Project.Compiled compiled = definitions.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tables(names);
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result end = new Job(spark, context.workspace(), compiled.file(), file, context.debug())
                .run(JobCommand.INSPECT, tables, List.of());
        end.tables(Inspected.class).ifPresent(result -> {
            List<Inspected> found = TableReport.counted(result.tables(), where);
            output.print(spec.commandLine().getOut(), found, out -> TableReport.print(found, out));
        });
        return end.status();
    }

    /** How the connectors are; none while Kafka Connect is not ready. */
    static List<ConnectorHealth> connectors(CommandContext context, List<LocalStack.ServerStatus> servers) {
        boolean answers = servers.stream()
                .anyMatch(
                        server -> server.name().equals("connect") && server.condition() == LocalStack.Condition.READY);
        return answers ? ConnectCommand.worker(context).health() : List.of();
    }

    /** The grid of dates; empty while Trino does not run or no table has been built. */
    private Optional<DateGrid> grid(List<LocalStack.ServerStatus> servers) {
        boolean answers = servers.stream()
                .anyMatch(server -> server.name().equals("trino") && server.condition() == LocalStack.Condition.READY);
        if (!answers) {
            return Optional.empty();
        }
        try {
            return Optional.of(DateGrid.read(TargetFile.read(context.workspace())));
        } catch (LakeException e) {
            // Before the first run there is no such table; and the servers are what this command is about.
            return Optional.empty();
        }
    }

    static void print(List<LocalStack.ServerStatus> servers, PrintWriter out) {
        int width = servers.stream()
                .mapToInt(server -> server.name().length())
                .max()
                .orElse(0);
        String named = "%-" + Math.max(9, width) + "s ";
        long total = 0;
        for (LocalStack.ServerStatus server : servers) {
            String condition = server.condition().name().toLowerCase(Locale.ROOT);
            out.printf(
                    named + "%s%n",
                    server.name(),
                    server.memoryBytes() == 0
                            ? condition
                            : "%-8s %5d MB".formatted(condition, server.memoryBytes() / MEGABYTE));
            server.addresses().forEach((what, where) -> out.printf(named + "%-20s %s%n", "", what, where));
            total += server.memoryBytes();
        }
        if (total > 0) {
            out.printf(named + "%-8s %5d MB%n", "all", "", total / MEGABYTE);
        }
        out.flush();
    }
}
