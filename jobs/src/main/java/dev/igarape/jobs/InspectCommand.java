package dev.igarape.jobs;

import dev.igarape.jobs.inspect.Inspection;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * {@code inspect}: prints a {@link JobResult} of {@link Inspected}, a line for each table. Needs no Spark session. Findings are
 * results, so they do not change the exit code.
 */
@Command(
        name = JobCommand.Name.INSPECT,
        description = "Says how tables stand and what is wrong with them; changes nothing.")
final class InspectCommand implements Callable<Integer> {
    private static final String RUN = "inspect";

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeOptions options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<TableName> names = options.tables();
        Lake lake = options.open(main.host().caller(), RUN, Step.Listener.NONE);
        names.forEach(lake::table);
        Map<TableName, List<PlannedDate>> plans =
                new Planner(lake).plan(names).stream().collect(Collectors.groupingBy(PlannedDate::table));
        List<Inspected> lines = new ArrayList<>();
        try (Publisher publisher = lake.publisher()) {
            Inspection inspection = new Inspection(lake, publisher);
            for (Table table : lake.inBuildOrder(names)) {
                lines.add(inspection.of(table, plans.getOrDefault(table.name(), List.of())));
            }
        }
        spec.commandLine().getOut().println(Json.mapper().writeValueAsString(new JobResult<>(RUN, lines)));
        return ExitCode.DONE.status();
    }
}
