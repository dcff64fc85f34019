package dev.igarape.cli.command.maintenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.TableName;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Mixin;

/** What commands have in common that leave their work to the jobs' jar and print a line for each thing done. */
final class JobOptions {
    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Mixin
    private OutputOption output;

    /**
     * Runs a command of the jar and prints what it tells; returns its exit status.
     *
     * @param words tables and pipelines; none: all tables
     * @param nothing what to say where there is nothing to tell
     */
    int run(
            CommandContext context,
            String command,
            List<String> words,
            List<String> options,
            String nothing,
            PrintWriter out) {
        Project definitions = project.of(context);
        Path file = target.file(context, definitions);
        Project.Compiled compiled = definitions.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tablesOrAll(words);
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result result = new Job(spark, context.workspace(), compiled.file(), file, context.debug())
                .run(command, tables, options);
        result.summary()
                .map(Job::parsed)
                .ifPresent(summary -> output.print(out, summary, text -> {
                    List<JsonNode> lines = new ArrayList<>();
                    summary.path("tables").forEach(lines::add);
                    if (lines.isEmpty()) {
                        text.println(nothing);
                    } else {
                        table(lines, text);
                    }
                }));
        out.flush();
        result.warnings().forEach(context::warn);
        return result.status();
    }

    /** One column for each field but warnings, as wide as its longest value. */
    private static void table(List<JsonNode> lines, PrintWriter out) {
        Map<String, Integer> widths = new LinkedHashMap<>();
        for (JsonNode line : lines) {
            line.fieldNames()
                    .forEachRemaining(name -> widths.merge(
                            name,
                            Math.max(name.length(), line.path(name).asText().length()),
                            Math::max));
        }
        widths.remove("warnings");
        StringBuilder header = new StringBuilder();
        widths.forEach((name, width) -> header.append(("%-" + width + "s  ").formatted(name)));
        out.println(header.toString().stripTrailing());
        for (JsonNode line : lines) {
            StringBuilder row = new StringBuilder();
            widths.forEach((name, width) -> {
                String form = line.path(name).isNumber() ? "%" + width + "s  " : "%-" + width + "s  ";
                row.append(form.formatted(line.path(name).asText()));
            });
            out.println(row.toString().stripTrailing());
        }
    }
}
