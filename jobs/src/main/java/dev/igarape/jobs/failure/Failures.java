package dev.igarape.jobs.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.RegistryUnavailableException;
import dev.igarape.wire.registry.SchemaRegistryException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.avro.SchemaParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports what a command failed with: a message and an exit code. */
public final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /**
     * Message and exit code for a failure.
     *
     * @param message problem, cause and remedy
     */
    public record FailureReport(ExitCode exitCode, String message) {}

    /**
     * Prints the message on a line that begins with {@code error:} and logs the stack trace.
     *
     * @param debug whether the stack trace is printed as well
     * @return the exit status of the process
     */
    public static int print(Throwable thrown, boolean debug, PrintWriter out) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        LOG.error("failed", thrown);
        FailureReport report = report(thrown);
        out.println("error: " + report.message());
        if (debug) {
            thrown.printStackTrace(out);
        }
        out.flush();
        return report.exitCode().status();
    }

    /** Finds the message and exit code for a failure. An exception that nothing here knows is a bug. */
    public static FailureReport report(Throwable thrown) {
        Optional<LakeException> lake = find(thrown, LakeException.class);
        if (lake.isPresent()) {
            return new FailureReport(lake.get().exitCode(), lake.get().getMessage());
        }
        Optional<SchemaRegistryException> registry = find(thrown, SchemaRegistryException.class);
        if (registry.isPresent()) {
            boolean down = registry.get() instanceof RegistryUnavailableException;
            return new FailureReport(
                    down ? ExitCode.UNAVAILABLE : ExitCode.DEFINITION,
                    registry.get().getMessage());
        }
        Optional<SchemaParseException> schema = find(thrown, SchemaParseException.class);
        if (schema.isPresent()) {
            return new FailureReport(
                    ExitCode.DEFINITION,
                    "A schema is no Avro schema: " + schema.get().getMessage() + ". Mend it, and run again.");
        }
        Optional<SparkFailure> failure = SparkFailure.of(thrown);
        if (failure.isPresent()) {
            return new FailureReport(
                    failure.get().exitCode(),
                    "Cannot go on: " + failure.get().problem() + ". What is committed stays committed. "
                            + failure.get().remedy() + ", then run again.");
        }
        Optional<JsonProcessingException> json = find(thrown, JsonProcessingException.class);
        if (json.isPresent()) {
            return new FailureReport(
                    ExitCode.DEFINITION,
                    "A text is no JSON, or not that which is needed there: "
                            + json.get()
                                    .getOriginalMessage()
                                    .lines()
                                    .findFirst()
                                    .orElse("")
                            + ". Mend it, and run again.");
        }
        boolean server = find(thrown, IOException.class).isPresent()
                || find(thrown, UncheckedIOException.class).isPresent();
        if (server) {
            return new FailureReport(
                    ExitCode.UNAVAILABLE,
                    "A server or disk failed: " + line(root(thrown))
                            + ". What is committed stays committed; see that the servers are up (./lake status), and"
                            + " run again.");
        }
        return new FailureReport(
                ExitCode.BUG,
                "This is a bug of Igarapé (" + line(thrown)
                        + "); nothing half-done is visible. Please report it with its trace, which ./lake logs jobs and"
                        + " --debug show.");
    }

    /** An exception on one line; Hadoop puts whole stack traces into messages. */
    private static String line(Throwable thrown) {
        return thrown.toString().lines().findFirst().orElse("").strip();
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
