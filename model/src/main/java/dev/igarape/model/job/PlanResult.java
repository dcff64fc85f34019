package dev.igarape.model.job;

import java.util.List;

/**
 * A plan.
 *
 * @param dates every date of the daily tables, tables in build order
 * @param redefinitions definitions that have changed since dates were built by them
 */
public record PlanResult(List<PlannedDate> dates, List<Redefinition> redefinitions) {
    public PlanResult {
        dates = List.copyOf(dates);
        redefinitions = List.copyOf(redefinitions);
    }
}
