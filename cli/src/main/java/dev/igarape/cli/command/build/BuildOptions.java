package dev.igarape.cli.command.build;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.base.Progress;
import dev.igarape.cli.command.CommandContext;
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
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** What commands that build tables have in common. */
final class BuildOptions {
    /** How the result is written. */
    enum Output {
        TABLE,
        JSON
    }

    @Option(names = "--refetch", description = "Ask HTTP sources again for dates whose answers are kept already.")
    private boolean refetch;

    @Option(names = "--accept-gap", description = "Go on where Kafka has lost records, and put the gap on record.")
    private boolean acceptGap;

    @Option(
            names = "--accept-loss",
            description = "Build frozen dates, too: again, from what retention has left of their inputs.")
    private boolean acceptLoss;

    @Option(
            names = "--accept-incomplete",
            description = "Build dates of tables that wait (wait_for: complete) although more of them may arrive.")
    private boolean acceptIncomplete;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Output output;

    /** Builds and prints what was built; returns the job's exit status. */
    int build(
            CommandContext context,
            Project project,
            TargetOption target,
            List<String> words,
            DateRange range,
            PrintWriter out) {
        Path file = target.file(context, project);
        Project.Compiled compiled = project.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tables(words);
        warn(context, target, compiled.manifest(), tables);
        List<String> options = new ArrayList<>();
        if (refetch) {
            options.add("--refetch");
        }
        if (acceptGap) {
            options.add("--accept-gap");
        }
        options.addAll(accepted());
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result result;
        try (Progress.Bar bar = context.progress().bar("Building", parts(compiled.manifest(), tables, range))) {
            result = new Job(spark, context.workspace(), compiled.file(), file, context.debug())
                    .run(tables, range, options, bar::advance);
        }
        return print(context, result, out);
    }

    private List<String> accepted() {
        List<String> accepted = new ArrayList<>();
        if (acceptLoss) {
            accepted.add("--accept-loss");
        }
        if (acceptIncomplete) {
            accepted.add("--accept-incomplete");
        }
        return accepted;
    }

    /** Builds those dates that are due, of all tables when no word is given, and prints what was built. */
    int buildDue(
            CommandContext context,
            Project project,
            TargetOption target,
            List<String> words,
            Optional<DateRange> within,
            PrintWriter out) {
        if (refetch || acceptGap) {
            throw new LakeException(
                    ExitCode.USAGE,
                    (refetch ? "--refetch" : "--accept-gap") + " is for landings, and --due builds daily tables alone."
                            + " Run the landing by itself first, then --due.");
        }
        Path file = target.file(context, project);
        Project.Compiled compiled = project.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tablesOrAll(words);
        warn(context, target, compiled.manifest(), tables);
        Spark spark = Spark.install(context.workspace(), context.installer());
        return print(
                context,
                new Job(spark, context.workspace(), compiled.file(), file, context.debug())
                        .runDue(tables, within, accepted(), () -> {}),
                out);
    }

    /** Whoever builds a table by definitions of their own should know that Airflow will build it by others. */
    private static void warn(CommandContext context, TargetOption target, Manifest manifest, List<TableName> tables) {
        List<TableName> differing =
                target.isLocal() ? new Deployment(context.workspace()).differing(manifest, tables) : List.of();
        if (!differing.isEmpty()) {
            context.progress()
                    .step(
                            "Airflow schedules another definition of %s. Deploy this one with ./lake compile, or try it with --target NAME."
                                    .formatted(differing.stream()
                                            .map(TableName::toString)
                                            .collect(Collectors.joining(", "))));
        }
    }

    private int print(CommandContext context, Job.Result result, PrintWriter out) {
        result.summary().ifPresent(summary -> print(summary, out));
        out.flush();
        result.warnings().forEach(context::warn);
        return result.status();
    }

    /** Dates to build, over all tables; landings from Kafka and views are built once, whatever the range. */
    private static long parts(Manifest manifest, List<TableName> tables, DateRange range) {
        long dated = tables.stream()
                .flatMap(name -> manifest.table(name).stream())
                .filter(table -> table.has(Trait.DATED))
                .count();
        return dated * range.dates().size() + tables.size() - dated;
    }

    private void print(String summary, PrintWriter out) {
        if (output == Output.JSON) {
            out.println(summary);
            return;
        }
        JsonNode tables = Job.parsed(summary).path("tables");
        out.printf(
                "%-30s %-10s %-9s %8s %10s %10s %11s%n",
                "table", "date", "outcome", "sequence", "read", "written", "quarantined");
        for (JsonNode table : tables) {
            out.printf(
                    "%-30s %-10s %-9s %8s %10s %10s %11s%n",
                    table.path("table").asText(),
                    table.path("date").asText(),
                    table.path("outcome").asText(),
                    table.path("sequence").asText(),
                    table.path("read").asText(),
                    table.path("written").asText(),
                    table.path("quarantined").asText());
        }
    }
}
