package dev.igarape.cli.command.build;

import dev.igarape.cli.base.TextTable;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.TableName;
import dev.igarape.model.job.PlanResult;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.job.PlannedDate.Status;
import dev.igarape.model.job.PlannedIntervals;
import dev.igarape.model.job.Redefinition;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "plan",
        description =
                "Say how dates stand (fresh, stale, missing, blocked, running or frozen) and why; changes nothing.")
public final class PlanCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Parameters(paramLabel = "TABLE|PIPELINE", arity = "0..*", description = "What to plan; without it, all tables.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--select",
            paramLabel = "NAMES",
            description = "What to plan, e.g. 'trusted.orders+': with all that is built from it.")
    private List<String> select = new ArrayList<>();

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        Project definitions = project.of(context);
        Path file = target.file(context, definitions);
        List<String> selectors = new ArrayList<>(names);
        selectors.addAll(select);
        Project.Compiled compiled = definitions.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tablesOrAll(selectors);
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result result = new Job(spark, context.workspace(), compiled.file(), file, context.debug()).plan(tables);
        PrintWriter out = spec.commandLine().getOut();
        result.summary()
                .ifPresent(json -> output.printJson(
                        out, json, text -> print(result.as(PlanResult.class).orElseThrow(), text)));
        return result.status();
    }

    /** Prints a plan as text. */
    static void print(PlanResult plan, PrintWriter out) {
        printCounts(plan, out);
        // Of a frozen date nothing need be done unless something besides age has changed.
        List<PlannedDate> open = plan.dates().stream()
                .filter(date -> date.status() != Status.FRESH)
                .filter(date -> date.status() != Status.FROZEN || date.isDueAtALoss())
                .toList();
        if (open.isEmpty()) {
            out.println("Nothing is due.");
            return;
        }
        boolean byInterval = open.stream().anyMatch(date -> date.intervals().isPresent());
        TextTable table = new TextTable()
                .left("table", 30)
                .left("date", 10)
                .left("status", 8)
                .right("rows", 8);
        if (byInterval) {
            table.right("intervals", 12);
        }
        table.gap(2).left("why", 0);
        open.forEach(date -> {
            List<Object> row = new ArrayList<>(List.of(date.table(), date.date(), date.status(), date.rows()));
            if (byInterval) {
                row.add(date.intervals().map(PlanCommand::shown).orElse(""));
            }
            row.add(String.join("; ", date.reasons()));
            table.row(row);
        });
        out.println();
        table.print(out);
        plan.redefinitions().forEach(redefinition -> printDiff(redefinition, out));
        out.printf("%nBuild what is stale or missing: ./lake run --due%n");
    }

    /** All intervals of a date or, where that is known, how many of them are to be computed. */
    private static String shown(PlannedIntervals intervals) {
        return intervals.touched().map(touched -> touched + " of ").orElse("") + intervals.all();
    }

    /** Prints how many dates of each table have each status. */
    private static void printCounts(PlanResult plan, PrintWriter out) {
        Map<TableName, Map<Status, Integer>> counts = new LinkedHashMap<>();
        for (PlannedDate date : plan.dates()) {
            counts.computeIfAbsent(date.table(), name -> new EnumMap<>(Status.class))
                    .merge(date.status(), 1, Integer::sum);
        }
        TextTable table = new TextTable().left("table", 30);
        for (Status status : Status.values()) {
            table.right(status.toString(), 8);
        }
        counts.forEach((name, byStatus) -> {
            List<Object> row = new ArrayList<>(List.of(name));
            for (Status status : Status.values()) {
                row.add(byStatus.getOrDefault(status, 0));
            }
            table.row(row);
        });
        table.print(out);
    }

    private static void printDiff(Redefinition redefinition, PrintWriter out) {
        out.printf(
                "%nThe definition of %s by which %d dates were built, and that of now:%n",
                redefinition.table(), redefinition.dates());
        if (redefinition.diff().isEmpty()) {
            out.println("  no line differs, or the ledger does not keep that of then");
        }
        redefinition.diff().forEach(out::println);
    }
}
