package dev.igarape.cli.command.maintenance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.base.TextTable;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.project.Selection;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.job.JobCommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;

/** The options of commands that leave their work to the jobs' jar and print a line for each thing done or found. */
final class JobOptions {
    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Mixin
    private OutputOption output;

    /**
     * Runs a command of the jar and prints its result; returns its exit status.
     *
     * @param line type of the result's lines
     * @param selectors tables and pipelines; none: all tables
     * @param emptyMessage printed where the result has no line
     */
    <T> int run(
            CommandContext context,
            JobCommand command,
            Class<T> line,
            List<String> selectors,
            List<String> options,
            String emptyMessage,
            PrintWriter out) {
        Project definitions = project.of(context);
        Path file = target.file(context, definitions);
        Project.Compiled compiled = definitions.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tablesOrAll(selectors);
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result end = new Job(spark, context.workspace(), compiled.file(), file, context.debug())
                .run(command, tables, options);
        end.tables(line).ifPresent(result -> {
            output.print(out, result, text -> print(result.tables(), emptyMessage, text));
            result.warnings().forEach(context::warn);
        });
        out.flush();
        return end.status();
    }

    /** A column for each field of the lines' JSON but warnings, which are printed apart. */
    private static void print(List<?> lines, String emptyMessage, PrintWriter out) {
        if (lines.isEmpty()) {
            out.println(emptyMessage);
            return;
        }
        List<JsonNode> objects =
                lines.stream().<JsonNode>map(Json.mapper()::valueToTree).toList();
        Set<String> fields = new LinkedHashSet<>();
        objects.forEach(object -> object.fieldNames().forEachRemaining(fields::add));
        fields.remove("warnings");
        TextTable table = new TextTable().gap(2);
        fields.forEach(field -> table.left(field, 0));
        objects.forEach(object ->
                table.row(fields.stream().map(field -> cell(object.path(field))).toList()));
        table.print(out);
    }

    private static Object cell(JsonNode value) {
        return value.isNumber() ? value.numberValue() : value.asText();
    }
}
