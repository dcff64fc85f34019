package dev.igarape.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A job under way, which can be killed, or which has frozen itself. */
final class RunningJob {
    private static final int PATIENCE_MINUTES = 8;

    private final Process process;
    private final Path output;

    RunningJob(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Waits for the end; gives the exit status. */
    int finish() throws IOException, InterruptedException {
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            kill();
            throw new AssertionError("a job is not over after " + PATIENCE_MINUTES + " minutes\n" + log());
        }
        return process.exitValue();
    }

    /** Waits at most so long; whether the job is over. */
    boolean isOverWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Kills the command and all that it started, at once (SIGKILL). */
    void kill() throws InterruptedException {
        // The first to go would leave its children to others, where they can't be told any more.
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
    }

    /** Waits until the job has frozen itself; false where it ended without. */
    boolean awaitFrozen() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(PATIENCE_MINUTES))
                .until(() -> !process.isAlive() || frozen().isPresent());
        return process.isAlive();
    }

    /** Freezes the process itself (SIGSTOP). */
    void freeze() throws IOException, InterruptedException {
        signal("STOP", process.pid());
    }

    /** Lets a frozen job go on (SIGCONT). */
    void thaw() throws IOException, InterruptedException {
        signal("CONT", frozen().orElseThrow().pid());
    }

    /** Asks the process itself to end (SIGTERM). */
    void stop() throws IOException, InterruptedException {
        signal("TERM", process.pid());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends a process a signal, such as {@code STOP}; nothing to one that has ended. */
    static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
    }

    private Optional<ProcessHandle> frozen() {
        return Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .filter(RunningJob::isFrozen)
                .findFirst();
    }

    /** Whether the third field of {@code /proc/<pid>/stat} says stopped; see proc(5). */
    private static boolean isFrozen(ProcessHandle candidate) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(candidate.pid()), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T';
        } catch (IOException e) {
            return false;
        }
    }

    String log() throws IOException {
        return Files.readString(output);
    }
}
