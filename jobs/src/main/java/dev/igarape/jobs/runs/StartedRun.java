package dev.igarape.jobs.runs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.TableName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A run of one table, as known when it starts.
 *
 * @param id unique per table and run; tables that one process runs share a {@code runId}
 * @param dag the Airflow DAG that started it, if any
 * @param dates the requested dates, in order; empty for tables that are not built by date
 */
public record StartedRun(
        String id,
        String runId,
        Optional<String> dag,
        Optional<String> dagRunId,
        TableName table,
        List<LocalDate> dates,
        Instant startedAt) {
    public StartedRun {
        dates = List.copyOf(dates);
    }

    /** A run that starts now. */
    public static StartedRun of(Lake lake, TableName table, List<LocalDate> dates) {
        return new StartedRun(
                UUID.randomUUID().toString(),
                lake.runId(),
                Optional.ofNullable(lake.caller().environment().get("AIRFLOW_CTX_DAG_ID")),
                Optional.ofNullable(lake.caller().environment().get("AIRFLOW_CTX_DAG_RUN_ID")),
                table,
                dates,
                lake.clock().instant());
    }
}
