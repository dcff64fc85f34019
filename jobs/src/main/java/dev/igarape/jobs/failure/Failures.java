package dev.igarape.jobs.failure;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.RegistryUnavailableException;
import dev.igarape.wire.registry.SchemaRegistryException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.avro.SchemaParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a command threw into a message for whoever started it, and an exit status. */
public final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /**
     * What to say about a failure.
     *
     * @param message problem, cause and remedy
     */
    public record Told(ExitCode exitCode, String message) {}

    /**
     * Prints the message, in a line that begins with {@code error:}; the trace goes to the log.
     *
     * @param debug whether the trace is printed, too
     */
    public static int report(Throwable thrown, boolean debug, PrintStream out) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        LOG.error("failed", thrown);
        Told told = tell(thrown);
        out.println("error: " + told.message());
        if (debug) {
            thrown.printStackTrace(out);
        }
        return told.exitCode().status();
    }

    public static Told tell(Throwable thrown) {
        Optional<LakeException> told = find(thrown, LakeException.class);
        if (told.isPresent()) {
            return new Told(told.get().exitCode(), told.get().getMessage());
        }
        Optional<SchemaRegistryException> registry = find(thrown, SchemaRegistryException.class);
        if (registry.isPresent()) {
            boolean down = registry.get() instanceof RegistryUnavailableException;
            return new Told(
                    down ? ExitCode.UNAVAILABLE : ExitCode.DEFINITION,
                    registry.get().getMessage());
        }
        Optional<SchemaParseException> schema = find(thrown, SchemaParseException.class);
        if (schema.isPresent()) {
            return new Told(
                    ExitCode.DEFINITION,
                    "A schema is no Avro schema: " + schema.get().getMessage() + ". Mend it, and run again.");
        }
        Optional<SparkFailure> failure = SparkFailure.of(thrown);
        if (failure.isPresent()) {
            return new Told(
                    failure.get().exitCode(),
                    "Cannot go on: " + failure.get().problem() + ". What is committed stays committed. "
                            + failure.get().remedy() + ", then run again.");
        }
        Optional<JsonProcessingException> json = find(thrown, JsonProcessingException.class);
        if (json.isPresent()) {
            return new Told(
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
            return new Told(
                    ExitCode.UNAVAILABLE,
                    "A server or disk failed: " + line(root(thrown))
                            + ". What is committed stays committed; see that the servers are up (./lake status), and"
                            + " run again.");
        }
        return new Told(
                ExitCode.BUG,
                "This is a bug of Igarapé (" + line(thrown)
                        + "); nothing half-done is visible. Please report it with its trace, which ./lake logs jobs and"
                        + " --debug show.");
    }

    /** An exception on one line; Hadoop puts whole traces into messages. */
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
