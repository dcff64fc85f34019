package dev.igarape.cli.command.build;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.command.CommandContext;
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
    private static final List<String> STATUSES = List.of("fresh", "stale", "missing", "blocked", "running", "frozen");

    /** How the result is written. */
    enum Output {
        TABLE,
        JSON
    }

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

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Output output;

    @Override
    public Integer call() {
        Project definitions = project.of(context);
        Path file = target.file(context, definitions);
        List<String> words = new ArrayList<>(names);
        words.addAll(select);
        Project.Compiled compiled = definitions.compiled();
        List<TableName> tables = new Selection(compiled.manifest()).tablesOrAll(words);
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result result = new Job(spark, context.workspace(), compiled.file(), file, context.debug()).plan(tables);
        PrintWriter out = spec.commandLine().getOut();
        result.summary().ifPresent(plan -> print(plan, out));
        out.flush();
        return result.status();
    }

    private void print(String plan, PrintWriter out) {
        if (output == Output.JSON) {
            out.println(plan);
            return;
        }
        Map<String, Map<String, Integer>> counts = new LinkedHashMap<>();
        List<JsonNode> open = new ArrayList<>();
        JsonNode parsed = Job.parsed(plan);
        for (JsonNode date : parsed.path("dates")) {
            String status = date.path("status").asText();
            counts.computeIfAbsent(date.path("table").asText(), table -> new LinkedHashMap<>())
                    .merge(status, 1, Integer::sum);
            // Of a frozen date nothing need be done unless something besides age has changed.
            if (!status.equals("fresh")
                    && !(status.equals("frozen") && date.path("reasons").isEmpty())) {
                open.add(date);
            }
        }
        out.printf("%-30s", "table");
        STATUSES.forEach(status -> out.printf(" %8s", status));
        out.println();
        counts.forEach((table, byStatus) -> {
            out.printf("%-30s", table);
            STATUSES.forEach(status -> out.printf(" %8d", byStatus.getOrDefault(status, 0)));
            out.println();
        });
        if (open.isEmpty()) {
            out.println("Nothing is due.");
            return;
        }
        out.printf("%n%-30s %-10s %-8s %8s  %s%n", "table", "date", "status", "rows", "why");
        for (JsonNode date : open) {
            List<String> reasons = new ArrayList<>();
            date.path("reasons").forEach(reason -> reasons.add(reason.asText()));
            out.printf(
                    "%-30s %-10s %-8s %8d  %s%n",
                    date.path("table").asText(),
                    date.path("date").asText(),
                    date.path("status").asText(),
                    date.path("rows").asLong(),
                    String.join("; ", reasons));
        }
        parsed.path("redefinitions").forEach(redefinition -> printDiff(redefinition, out));
        out.printf("%nBuild what is stale or missing: ./lake run --due%n");
    }

    private static void printDiff(JsonNode redefinition, PrintWriter out) {
        out.printf(
                "%nThe definition of %s by which %d dates were built, and that of now:%n",
                redefinition.path("table").asText(), redefinition.path("dates").asInt());
        if (redefinition.path("diff").isEmpty()) {
            out.println("  no line differs, or the ledger does not keep that of then");
        }
        redefinition.path("diff").forEach(line -> out.println(line.asText()));
    }
}
