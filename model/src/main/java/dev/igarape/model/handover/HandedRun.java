package dev.igarape.model.handover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A run that a live service is asked to take: the body of {@code POST /runs}.
 *
 * @param jar the {@linkplain #fingerprint fingerprint} of the jar that the caller would run
 * @param arguments the jar's command line, the command first; paths are absolute
 * @param environment those variables of the caller that the run may read
 */
public record HandedRun(String jar, List<String> arguments, Map<String, String> environment) {
    /**
     * The header of an answer that says which service it is from: the {@code run_id} of its state file. Another program may
     * have the port by now, and its answers say nothing of a run.
     */
    public static final String SERVICE_HEADER = "Igarape-Run";

    public HandedRun {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** What tells one build of the jar from another: its size and the time of its last change. */
    public static String fingerprint(Path jar) throws IOException {
        return Files.size(jar) + "-" + Files.getLastModifiedTime(jar).toMillis();
    }
}
