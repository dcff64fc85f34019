package dev.igarape.jobs;

import com.fasterxml.jackson.core.JacksonException;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.spark.SparkThrowable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a run threw into a message for whoever started it, and an exit status. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /**
     * What to say about a failure.
     *
     * @param message problem, cause and remedy
     */
    record Told(ExitCode exitCode, String message) {}

    static int report(Throwable thrown, PrintStream out) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        LOG.error("failed", thrown);
        Told told = tell(thrown);
        out.println("error: " + told.message());
        if (told.exitCode() == ExitCode.BUG && find(thrown, LakeException.class).isEmpty()) {
            thrown.printStackTrace(out);
        }
        return told.exitCode().status();
    }

    static Told tell(Throwable thrown) {
        Optional<LakeException> told = find(thrown, LakeException.class);
        if (told.isPresent()) {
            return new Told(told.get().exitCode(), told.get().getMessage());
        }
        if (isInData(thrown)) {
            return new Told(
                    ExitCode.DEFINITION,
                    "The query failed on its data: " + root(thrown).getMessage()
                            + ". Nothing was committed. Mend the SQL or the input, and run again.");
        }
        if (find(thrown, IOException.class).isPresent()
                || find(thrown, UncheckedIOException.class).isPresent()) {
            return new Told(
                    ExitCode.UNAVAILABLE,
                    "A server or disk failed: " + root(thrown)
                            + ". What is committed stays committed; see that the servers are up (./lake status), and"
                            + " run again.");
        }
        return new Told(
                ExitCode.BUG,
                "This is a bug of Igarapé (" + thrown
                        + "); nothing half-done is visible. Please report it with its trace.");
    }

    /** Whether the cause is a value that the query can't work on, rather than a server or a bug. */
    private static boolean isInData(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof JacksonException) {
                return true;
            }
            if (cause instanceof SparkThrowable spark
                    && spark.getErrorClass() != null
                    && !spark.isInternalError()
                    && !spark.getErrorClass().startsWith("TASK_WRITE_FAILED")) {
                return true;
            }
        }
        return false;
    }

    private static <T> Optional<T> find(Throwable thrown, Class<T> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
        }
        return Optional.empty();
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
