package dev.igarape.jobs.ops;

import dev.igarape.model.ExitCode;
import dev.igarape.model.TableName;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * How a run of one table ended.
 *
 * @param dates that it was asked for, in order; none where they play no part
 * @param outcome {@code committed}, {@code unchanged} or {@code failed}
 * @param message of a failure: problem, cause and remedy
 */
public record FinishedRun(
        TableName table,
        List<LocalDate> dates,
        Instant startedAt,
        Instant endedAt,
        String outcome,
        ExitCode exitCode,
        Optional<String> message) {
    public FinishedRun {
        dates = List.copyOf(dates);
    }
}
