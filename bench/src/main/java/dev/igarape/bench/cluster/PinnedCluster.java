package dev.igarape.bench.cluster;

import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A standalone master and workers of Spark, each worker with its executors on a core of its own ({@code taskset}), on which
 * nothing keeps other processes from running.
 */
public final class PinnedCluster implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 200;

    private final SparkSubmit submit;
    private final Path folder;
    private final int workers;
    private final String master;
    private final List<Process> processes = new ArrayList<>();
    private final Thread hook = new Thread(() -> all().forEach(ProcessHandle::destroyForcibly));

    private PinnedCluster(SparkSubmit submit, Path folder, int workers, int port) {
        this.submit = submit;
        this.folder = folder;
        this.workers = workers;
        this.master = "spark://127.0.0.1:" + port;
    }

    /**
     * Starts it, and waits until the master has all workers.
     *
     * @param submit the stack's own
     * @param folder for logs and what executors leave
     * @throws LakeException (USAGE) where this machine has fewer cores than workers
     */
    public static PinnedCluster start(SparkSubmit submit, Path folder, int workers)
            throws IOException, InterruptedException {
        int cores = Runtime.getRuntime().availableProcessors();
        if (cores < workers) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Each of %d workers needs a core of its own, and this machine has %d.".formatted(workers, cores));
        }
        int port = freePort();
        PinnedCluster cluster = new PinnedCluster(submit, Files.createDirectories(folder), workers, port);
        Runtime.getRuntime().addShutdownHook(cluster.hook);
        try {
            cluster.startAll(port);
            cluster.awaitWorkers();
            return cluster;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void startAll(int port) throws IOException {
        start(List.of(), "master.Master", "127.0.0.1", "--port", Integer.toString(port));
        for (int worker = 0; worker < workers; worker++) {
            start(
                    List.of("taskset", "--cpu-list", Integer.toString(worker)),
                    "worker.Worker",
                    "127.0.0." + (worker + 1),
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                    "--work-dir",
                    folder.resolve("work").toString(),
                    master);
        }
    }

    private void start(List<String> pinned, String main, String host, String... arguments) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("org.apache.spark.deploy." + main, "--host", host, "--webui-port", "0"));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = submit.program("spark-class", words);
        builder.command().addAll(0, pinned);
        // Servers and executors say in logs of their own what they do, whatever the stack's configuration is.
        builder.environment()
                .putAll(Map.of(
                        "SPARK_CONF_DIR", folder.toString(), "SPARK_LOCAL_IP", host, "SPARK_DAEMON_MEMORY", "256m"));
        Path log = processes.isEmpty() ? masterLog() : folder.resolve("worker-" + processes.size() + ".log");
        processes.add(builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    private Path masterLog() {
        return folder.resolve("master.log");
    }

    private void awaitWorkers() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (Files.readString(masterLog()).split("Registering worker", -1).length <= workers) {
            if (System.nanoTime() > deadline || !processes.stream().allMatch(Process::isAlive)) {
                throw new IllegalStateException("Spark's master has not got its workers. See the logs in " + folder);
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /**
     * Runs on this cluster, one executor on each worker.
     *
     * @param manifest of the tables
     */
    public SparkSubmit submit(Path manifest) {
        return submit.with(
                workers == 1 ? "one worker" : workers + " workers",
                manifest,
                List.of(
                        "--master",
                        master,
                        "--conf",
                        "spark.cores.max=" + workers,
                        "--conf",
                        "spark.executor.cores=1",
                        "--conf",
                        "spark.executor.memory=1g",
                        "--conf",
                        "spark.executor.extraJavaOptions=-XX:+UseSerialGC -Duser.timezone=UTC",
                        // Of the last tasks, a second attempt would share the other's core.
                        "--conf",
                        "spark.speculation=false"));
    }

    /** All processes, executors too. */
    private List<ProcessHandle> all() {
        return processes.stream()
                .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
                .toList();
    }

    @Override
    public void close() throws InterruptedException {
        List<ProcessHandle> all = all();
        all.forEach(ProcessHandle::destroy);
        for (Process process : processes) {
            if (!process.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        all.forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().removeShutdownHook(hook);
    }
}
