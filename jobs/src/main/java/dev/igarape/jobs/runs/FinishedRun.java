package dev.igarape.jobs.runs;

import dev.igarape.model.error.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a run of one table ended.
 *
 * @param endedAt of a run that died: its last sign of life
 * @param outcome {@code committed}, {@code unchanged}, {@code failed} or {@code died}
 * @param exitCode none of a run that died
 * @param message of a failure or a death: problem, cause and remedy
 * @param warnings what somebody should look at although the run has done its work
 */
public record FinishedRun(
        StartedRun run,
        Instant endedAt,
        String outcome,
        Optional<ExitCode> exitCode,
        Optional<String> message,
        List<String> warnings) {
    public static FinishedRun of(RunLease.Dead dead) {
        return new FinishedRun(
                dead.run(),
                dead.seenAt(),
                "died",
                Optional.empty(),
                Optional.of("There was no sign of life of it after " + dead.seenAt()
                        + ": its process was killed, its machine was lost, or it stands still. What it committed stays,"
                        + " and the next run or ./lake repair publishes it; run it again for the rest."),
                List.of());
    }
}
