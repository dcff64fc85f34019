package dev.igarape.jobs.runs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.TableName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A run of one table, as known from its beginning on.
 *
 * @param id names it alone; the runs of several tables in one process share a {@code runId}
 * @param dag what Airflow was running, if it was Airflow
 * @param dates that it was asked for, in order; none where they play no part
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

    /** A run of this process that starts now. */
    public static StartedRun of(Lake lake, TableName table, List<LocalDate> dates) {
        return new StartedRun(
                UUID.randomUUID().toString(),
                lake.runId(),
                Optional.ofNullable(System.getenv("AIRFLOW_CTX_DAG_ID")),
                Optional.ofNullable(System.getenv("AIRFLOW_CTX_DAG_RUN_ID")),
                table,
                dates,
                lake.clock().instant());
    }
}
