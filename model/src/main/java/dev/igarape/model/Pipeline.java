package dev.igarape.model;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;

/**
 * A pipeline: tables that are built on one schedule, declared in one folder. It becomes one Airflow DAG.
 *
 * @param schedule cron, an Airflow preset such as {@code @daily}, {@code assets}, {@code continuous} or {@code none}
 * @param startDate the first date that is built
 * @param timezone in which dates begin and end
 * @param tables in build order
 */
public record Pipeline(
        String name,
        String description,
        String owner,
        String schedule,
        LocalDate startDate,
        ZoneId timezone,
        List<String> tags,
        List<Table> tables) {
    public Pipeline {
        tags = List.copyOf(tags);
        tables = List.copyOf(tables);
    }
}
