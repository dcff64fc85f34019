package dev.igarape.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the executors on a stack's Spark workers have logged, a file for each executor of each application.
 *
 * @param state the stack's
 */
record ExecutorLogs(Path state) {
    private static final Pattern BEGUN = Pattern.compile("Running task ");
    private static final Pattern FINISHED = Pattern.compile("Finished task ");
    /** However it did: a task that was killed or has failed is not finished. */
    private static final Pattern ENDED =
            Pattern.compile("Finished task |Executor (?:interrupted and )?killed task |Exception in task ");

    /** The files of all workers. */
    Set<Path> all() throws IOException {
        Set<Path> all = new HashSet<>();
        for (int worker = 1; Files.exists(work(worker)); worker++) {
            try (Stream<Path> files = Files.find(work(worker), 3, (file, attributes) -> file.endsWith("stderr"))) {
                files.forEach(all::add);
            }
        }
        return all;
    }

    private Path work(int worker) {
        return state.resolve("data/spark-worker-" + worker + "/work");
    }

    /** How often executors that came later than these have logged it. */
    long countSince(Set<Path> before, Pattern text) throws IOException {
        long count = 0;
        for (Path log : since(before)) {
            count += count(log, text);
        }
        return count;
    }

    /** Whether an executor that came later than these has got a task. */
    boolean hasTasksSince(Set<Path> before) throws IOException {
        return countSince(before, BEGUN) > 0;
    }

    /** A worker, as the stack calls it, on which an executor that came later than these is at a task. */
    Optional<String> busyWorkerSince(Set<Path> before) throws IOException {
        for (Path log : since(before)) {
            if (count(log, BEGUN) > count(log, ENDED)) {
                return Optional.of(worker(log));
            }
        }
        return Optional.empty();
    }

    /** The workers, as the stack calls them, on which executors that came later than these have finished tasks. */
    Set<String> workersSince(Set<Path> before) throws IOException {
        Set<String> workers = new TreeSet<>();
        for (Path log : since(before)) {
            if (count(log, FINISHED) > 0) {
                workers.add(worker(log));
            }
        }
        return workers;
    }

    private String worker(Path log) {
        return state.resolve("data").relativize(log).getName(0).toString();
    }

    private Set<Path> since(Set<Path> before) throws IOException {
        Set<Path> since = all();
        since.removeAll(before);
        return since;
    }

    private static long count(Path log, Pattern text) throws IOException {
        return text.matcher(Files.readString(log)).results().count();
    }
}
