package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.PlannedDate;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code plan}: prints the status of each date of the daily tables as one line of JSON. Needs no Spark session. */
@Command(
        name = "plan",
        description = "Says which dates are fresh, stale, missing, blocked, running or frozen, and why.")
final class PlanCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions options;

    @Override
    public Integer call() throws Exception {
        List<TableName> names = options.tables();
        Lake lake = options.open("plan", Step.Listener.NONE);
        names.forEach(lake::table);
        Planner planner = new Planner(lake);
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("dates", planner.plan(names).stream().map(PlanCommand::line).toList());
        plan.put("redefinitions", planner.redefinitions());
        System.out.println(Json.mapper().writeValueAsString(plan));
        return ExitCode.DONE.status();
    }

    private static Map<String, Object> line(PlannedDate planned) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("table", planned.table().toString());
        line.put("date", planned.date().toString());
        line.put("status", planned.status().toString());
        line.put("rows", planned.rows());
        line.put("reasons", planned.reasons());
        return line;
    }
}
