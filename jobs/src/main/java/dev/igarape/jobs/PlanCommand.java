package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.PlanResult;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code plan}: prints the status of each date of the daily tables as one line of JSON. Needs no Spark session. */
@Command(
        name = JobCommand.Name.PLAN,
        description = "Says which dates are fresh, stale, missing, blocked, running or frozen, and why.")
final class PlanCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeOptions options;

    @Override
    public Integer call() throws Exception {
        List<TableName> names = options.tables();
        Lake lake = options.open(main.host().caller(), "plan", Step.Listener.NONE);
        names.forEach(lake::table);
        Planner planner = new Planner(lake);
        PlanResult plan = new PlanResult(planner.plan(names), planner.redefinitions());
        spec.commandLine().getOut().println(Json.mapper().writeValueAsString(plan));
        return ExitCode.DONE.status();
    }
}
