package dev.igarape.cli.command.build;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.TextTable;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Deployment;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.DateRange;
import dev.igarape.model.Manifest;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.job.BuildFlags;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.TableResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that build tables. */
final class BuildOptions {
    @Option(names = "--refetch", description = "Ask HTTP sources again for dates whose answers are kept already.")
    private boolean refetch;

    @Option(
            names = "--accept-gap",
            description = "Go on where Kafka has lost records, or captures lack events, and put the gap on record.")
    private boolean acceptGap;

    @Option(
            names = "--accept-loss",
            description = "Build frozen dates, too: again, from what retention has left of their inputs.")
    private boolean acceptLoss;

    @Option(
            names = "--accept-incomplete",
            description = "Build dates of tables that wait (wait_for: complete) although more of them may arrive.")
    private boolean acceptIncomplete;

    @Mixin
    private OutputOption output;

    /** Builds the tables and prints the results; returns the job's exit status. */
    int build(
            CommandContext context,
            Project project,
            TargetOption target,
            List<String> selectors,
            DateRange range,
            PrintWriter out) {
        Path file = target.file(context, project);
        Project.Compiled compiled = project.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tables(selectors);
        warn(context, target, compiled.manifest(), tables);
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result result;
        try (Progress.Bar bar = context.progress().bar("Building", parts(compiled.manifest(), tables, range))) {
            result = new Job(spark, context.workspace(), compiled.file(), file, context.debug())
                    .build(tables, range, flags(), bar::advance);
        }
        return print(context, result, out);
    }

    private BuildFlags flags() {
        return new BuildFlags(refetch, acceptGap, acceptLoss, acceptIncomplete);
    }

    /** Builds the dates that are due, of all tables when no selector is given, and prints the results. */
    int buildDue(
            CommandContext context,
            Project project,
            TargetOption target,
            List<String> selectors,
            Optional<DateRange> within,
            PrintWriter out) {
        flags().requireFitForDue();
        Path file = target.file(context, project);
        Project.Compiled compiled = project.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tablesOrAll(selectors);
        warn(context, target, compiled.manifest(), tables);
        Spark spark = Spark.install(context.workspace(), context.installer());
        return print(
                context,
                new Job(spark, context.workspace(), compiled.file(), file, context.debug())
                        .buildDue(tables, within, flags()),
                out);
    }

    /** Warns where Airflow would build a table by another definition. */
    private static void warn(CommandContext context, TargetOption target, Manifest manifest, List<TableName> tables) {
        List<TableName> changed =
                target.isLocal() ? new Deployment(context.workspace()).changed(manifest, tables) : List.of();
        if (!changed.isEmpty()) {
            context.progress()
                    .step(
                            "Airflow schedules another definition of %s. Deploy this one with ./lake compile, or try it with --target NAME."
                                    .formatted(changed.stream()
                                            .map(TableName::toString)
                                            .collect(Collectors.joining(", "))));
        }
    }

    private int print(CommandContext context, Job.Result result, PrintWriter out) {
        result.summary()
                .ifPresent(summary -> output.printJson(
                        out,
                        summary,
                        text -> print(
                                result.tables(TableResult.class)
                                        .map(JobResult::tables)
                                        .orElse(List.of()),
                                text)));
        result.warnings().forEach(context::warn);
        return result.status();
    }

    /**
     * The number of builds: a date of a table is one; incremental landings and views are built once, whatever the
     * range.
     */
    private static long parts(Manifest manifest, List<TableName> tables, DateRange range) {
        long dated = tables.stream()
                .flatMap(name -> manifest.table(name).stream())
                .filter(table -> table.has(Trait.DATED) || table.has(Trait.PLANNED))
                .count();
        return dated * range.dates().size() + tables.size() - dated;
    }

    private static void print(List<TableResult> results, PrintWriter out) {
        TextTable table = new TextTable()
                .left("table", 30)
                .left("date", 10)
                .left("outcome", 9)
                .right("sequence", 8)
                .right("read", 10)
                .right("written", 10)
                .right("quarantined", 11);
        results.forEach(result -> table.row(List.of(
                result.table(),
                result.date().map(LocalDate::toString).orElse(""),
                result.outcome(),
                result.sequence(),
                result.read(),
                result.written(),
                result.quarantined())));
        table.print(out);
    }
}
