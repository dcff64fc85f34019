package dev.igarape.jobs.lake;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Who asked for a run.
 *
 * @param environment the variables that the run may read
 * @param waiting whether somebody still waits for its end; if not, the run is dead though its thread may be alive
 */
public record Caller(Map<String, String> environment, BooleanSupplier waiting) {
    /** The caller of a run that has this process to itself. */
    public static Caller ofProcess() {
        return new Caller(System.getenv(), () -> true);
    }

    public boolean isWaiting() {
        return waiting.getAsBoolean();
    }

    /** Ends a run that was cancelled: LakeException UNAVAILABLE. */
    public void requireWaiting() {
        if (!isWaiting()) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE, "This run was cancelled. Nothing more of it is recorded; run again.");
        }
    }
}
