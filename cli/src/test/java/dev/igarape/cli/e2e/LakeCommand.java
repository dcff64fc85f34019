package dev.igarape.cli.e2e;

import dev.igarape.cli.InThisJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Commands of {@code ./lake} on one stack: as a user runs them, or by {@link #call} inside this JVM. */
public final class LakeCommand {
    /** Held while a stack starts: two that start at the same time would choose the same ports. */
    public static final Object START = new Object();

    private final Path home;
    private final Path state;
    private final Path directory;
    private final Map<String, String> surroundings;

    public LakeCommand(Path home, Path state) {
        this(home, state, home, Map.of());
    }

    private LakeCommand(Path home, Path state, Path directory, Map<String, String> surroundings) {
        this.home = home;
        this.state = state;
        this.directory = directory;
        this.surroundings = surroundings;
    }

    /** The same where the user is in this folder. */
    public LakeCommand in(Path folder) {
        return new LakeCommand(home, state, folder, surroundings);
    }

    /** The same with these variables in the environment of every command. */
    public LakeCommand with(Map<String, String> variables) {
        return new LakeCommand(home, state, directory, variables);
    }

    /** Stops what an earlier run of the tests left here, and deletes it. */
    public void startAnew() throws IOException, InterruptedException {
        if (Files.notExists(state)) {
            return;
        }
        run("down").succeeded();
        try (Stream<Path> files = Files.walk(state)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    /** What a command printed, and how it ended. */
    public record Result(int status, String out, String err) {
        /** The result, if the command succeeded; an AssertionError that shows everything otherwise. */
        public Result succeeded() {
            if (status != 0) {
                throw new AssertionError("ended with status " + status + "\n" + out + "\n" + err);
            }
            return this;
        }
    }

    public Result run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), arguments);
    }

    public Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(home.resolve("lake").toString()));
        line.addAll(List.of(arguments));
        if (arguments[0].equals("up")) {
            synchronized (START) {
                return execute(line, environment);
            }
        }
        return execute(line, environment);
    }

    /**
     * Runs a command inside this JVM, in a fraction of the time: for tests that are about what a command does, and not about
     * {@code ./lake} itself, which the pages of the documentation run. Its folder is the checkout, and its environment this JVM's.
     * The result lacks what a job in a process of its own prints to standard error.
     */
    public Result call(String... arguments) {
        return InThisJvm.run(home, state, arguments);
    }

    /** Starts a command whose output goes to a file. */
    public Process start(Map<String, String> environment, Path output, List<String> arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(home.resolve("lake").toString()));
        line.addAll(arguments);
        ProcessBuilder builder = builder(line, environment).redirectErrorStream(true);
        return builder.redirectOutput(output.toFile()).start();
    }

    private ProcessBuilder builder(List<String> line, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
        builder.environment().put("LAKE_STATE", state.toString());
        builder.environment().putAll(surroundings);
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs any program with the stack's environment. */
    public Result execute(List<String> line, Map<String, String> environment) throws IOException, InterruptedException {
        Path out = Files.createTempFile("lake", ".out");
        Path err = Files.createTempFile("lake", ".err");
        try {
            Process process = builder(line, environment)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            if (!process.waitFor(25, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(line + " is not over after 25 minutes\n" + Files.readString(err));
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
