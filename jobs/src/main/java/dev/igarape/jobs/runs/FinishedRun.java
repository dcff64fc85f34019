package dev.igarape.jobs.runs;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.model.error.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a run of one table ended.
 *
 * @param endedAt for a run that died, when it last renewed its lease
 * @param outcome {@code committed}, {@code unchanged}, {@code failed} or {@code died}
 * @param exitCode empty for a run that died
 * @param message why it failed or died: problem, cause and remedy; of the live service, what the steps of a minute did
 * @param warnings problems that did not stop the run
 */
public record FinishedRun(
        StartedRun run,
        Instant endedAt,
        String outcome,
        Optional<ExitCode> exitCode,
        Optional<String> message,
        List<String> warnings) {
    /** A run that did its work. */
    public static FinishedRun succeeded(
            StartedRun run, Instant endedAt, boolean committed, Optional<String> message, List<String> warnings) {
        return new FinishedRun(
                run, endedAt, committed ? "committed" : "unchanged", Optional.of(ExitCode.DONE), message, warnings);
    }

    /** A run that failed. */
    public static FinishedRun failed(
            StartedRun run, Instant endedAt, Failures.FailureReport report, List<String> warnings) {
        return new FinishedRun(
                run, endedAt, "failed", Optional.of(report.exitCode()), Optional.of(report.message()), warnings);
    }

    /** A run that was cancelled, since nobody waited for it any more. */
    public static FinishedRun cancelled(StartedRun run, Instant endedAt) {
        return new FinishedRun(
                run,
                endedAt,
                "died",
                Optional.empty(),
                Optional.of(
                        "The command that waited for it in the live service was killed or lost, so it was cancelled. What"
                                + " it committed stays, and the next run or ./lake repair publishes it; run it again for the rest."),
                List.of());
    }

    /** A run that died. */
    public static FinishedRun of(RunLease.DeadRun died) {
        return new FinishedRun(
                died.run(),
                died.seenAt(),
                "died",
                Optional.empty(),
                Optional.of("There was no sign of life of it after " + died.seenAt()
                        + ": its process was killed, its machine was lost, or it stands still. What it committed stays,"
                        + " and the next run or ./lake repair publishes it; run it again for the rest."),
                List.of());
    }
}
