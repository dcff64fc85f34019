package dev.igarape.jobs.ledger;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Fault injection for tests: {@code IGARAPE_HALT_AT=<step>} kills this process when it reaches the step, {@code
 * IGARAPE_STOP_AT=<step>} freezes it there (SIGSTOP) until somebody sends SIGCONT, once: a job that finds itself overtaken
 * starts anew and comes past its steps again.
 */
public final class FaultPoint {
    static final String HALT_AT = "IGARAPE_HALT_AT";
    static final String STOP_AT = "IGARAPE_STOP_AT";

    private static final int KILLED = 137;

    private FaultPoint() {}

    /** What strikes as the environment says; nothing where it says nothing. */
    public static Step.Listener in(Map<String, String> environment) {
        if (environment.containsKey(HALT_AT)) {
            Step deadly = step(HALT_AT, environment.get(HALT_AT));
            return reached -> {
                if (reached == deadly) {
                    Runtime.getRuntime().halt(KILLED);
                }
            };
        }
        if (environment.containsKey(STOP_AT)) {
            Step frozen = step(STOP_AT, environment.get(STOP_AT));
            AtomicBoolean done = new AtomicBoolean();
            return reached -> {
                if (reached == frozen && done.compareAndSet(false, true)) {
                    freeze();
                }
            };
        }
        return Step.Listener.NONE;
    }

    private static Step step(String variable, String name) {
        try {
            return Step.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    variable + " is " + name + ", which is no step. There are: " + String.join(", ", Step.names())
                            + ".",
                    e);
        }
    }

    private static void freeze() {
        try {
            new ProcessBuilder(
                            "kill",
                            "-STOP",
                            Long.toString(ProcessHandle.current().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
