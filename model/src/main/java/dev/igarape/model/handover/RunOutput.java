package dev.igarape.model.handover;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A line of the answer to a {@link HandedRun}; exactly one of the four is there.
 *
 * @param out a line of standard output
 * @param err a line of standard error
 * @param exit the exit code; it comes last
 * @param moved why the service gave the run up, in place of an exit code: it is to be done by a process of its own
 */
public record RunOutput(Optional<String> out, Optional<String> err, Optional<Integer> exit, Optional<String> moved) {
    public static RunOutput out(String line) {
        return new RunOutput(Optional.of(encodable(line)), Optional.empty(), Optional.empty(), Optional.empty());
    }

    public static RunOutput err(String line) {
        return new RunOutput(Optional.empty(), Optional.of(encodable(line)), Optional.empty(), Optional.empty());
    }

    public static RunOutput exit(int status) {
        return new RunOutput(Optional.empty(), Optional.empty(), Optional.of(status), Optional.empty());
    }

    public static RunOutput moved(String reason) {
        return new RunOutput(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(encodable(reason)));
    }

    /** JSON can't hold half a surrogate pair, which rows and messages may; on a console it shows as a question mark. */
    private static String encodable(String line) {
        return new String(line.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
