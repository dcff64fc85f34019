package dev.igarape.cli.process;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command line of another program, run to its end. */
public final class ExternalCommand {
    private final List<String> line;
    private final Map<String, String> environment = new LinkedHashMap<>();

    private Path input = Path.of("/dev/null");

    private ExternalCommand(List<String> line) {
        this.line = List.copyOf(line);
    }

    public static ExternalCommand of(List<String> line) {
        return new ExternalCommand(line);
    }

    public static ExternalCommand of(String... line) {
        return new ExternalCommand(List.of(line));
    }

    public ExternalCommand with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Takes its standard input from this file. */
    public ExternalCommand input(Path file) {
        input = file;
        return this;
    }

    public ExternalCommand with(Map<String, String> variables) {
        environment.putAll(variables);
        return this;
    }

    /**
     * Runs it with its output in a log; throws with the end of the log if it fails.
     *
     * @param purpose ends the sentence "Cannot …"
     * @param remedy a sentence
     */
    public void run(Path directory, Path log, String purpose, String remedy) {
        int status = status(directory, log);
        if (status != 0) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot %s: %s ended with status %d. %s%nThe end of %s:%n%s"
                            .formatted(purpose, line.get(0), status, remedy, log, LogTail.of(log, 20)));
        }
    }

    /** Runs it with its output in a log and returns its exit status. */
    public int status(Path directory, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            Files.writeString(
                    log,
                    "$ " + String.join(" ", line) + "\n",
                    StandardCharsets.UTF_8,
                    java.nio.file.StandardOpenOption.CREATE,
                    java.nio.file.StandardOpenOption.APPEND);
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(input.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            try (ChildProcess child = ChildProcess.start(builder)) {
                return child.waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + line.get(0), e);
        }
    }

    /** Runs it on the terminal of this process and returns its exit status. */
    public int attached(Path directory) {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(line).directory(directory.toFile()).inheritIO();
            builder.environment().putAll(environment);
            try (ChildProcess child = ChildProcess.start(builder)) {
                return child.waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + line.get(0), e);
        }
    }
}
