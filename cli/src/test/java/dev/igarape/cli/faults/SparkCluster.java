package dev.igarape.cli.faults;

import dev.igarape.cli.spark.Spark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A standalone Spark cluster of two workers, on addresses of their own: a task that dawdles gets a second attempt only on
 * another host than the first. Applications speculate at once.
 */
final class SparkCluster implements AutoCloseable {
    private static final int WORKERS = 2;

    private final Spark spark;
    private final Path folder;
    private final Path events;
    private final String master;
    private final List<Process> processes = new ArrayList<>();
    private int runs;

    /** @param folder for logs, and for what executors leave */
    SparkCluster(Spark spark, Path folder) throws IOException, InterruptedException {
        this.spark = spark;
        this.folder = folder;
        // One of its own, for what is counted there.
        this.events = Files.createTempDirectory(folder, "events");
        int port = freePort();
        this.master = "spark://127.0.0.1:" + port;
        try {
            start("master", "127.0.0.1", "org.apache.spark.deploy.master.Master", "--port", Integer.toString(port));
            for (int worker = 1; worker <= WORKERS; worker++) {
                start(
                        "worker-" + worker,
                        "127.0.0." + worker,
                        "org.apache.spark.deploy.worker.Worker",
                        "--cores",
                        "1",
                        "--memory",
                        "1g",
                        "--work-dir",
                        folder.resolve("work").toString(),
                        master);
            }
            Path log = folder.resolve("master.log");
            Awaitility.await()
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> Files.readString(log).split("Registering worker", -1).length > WORKERS);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void start(String name, String host, String main, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(
                List.of(spark.home().resolve("bin/spark-class").toString(), main, "--host", host, "--webui-port", "0"));
        words.addAll(List.of(arguments));
        ProcessBuilder builder = builder(words, name);
        // Whatever the stack's own configuration is, the daemons should say what they do.
        builder.environment().put("SPARK_CONF_DIR", folder.toString());
        builder.environment().put("SPARK_LOCAL_IP", host);
        builder.environment().put("SPARK_DAEMON_MEMORY", "256m");
        processes.add(builder.start());
    }

    private ProcessBuilder builder(List<String> words, String name) {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().putAll(spark.environment());
        return builder;
    }

    /** Starts a job whose tasks run on the workers. */
    RunningJob run(Path manifest, Path target, String table, LocalDate date) throws IOException {
        Map<String, String> settings = Map.of(
                "spark.executor.cores", "1",
                "spark.executor.memory", "768m",
                "spark.eventLog.dir", events.toUri().toString(),
                "spark.eventLog.compress", "false",
                "spark.speculation", "true",
                "spark.speculation.interval", "50ms",
                "spark.speculation.minTaskRuntime", "50ms",
                "spark.speculation.task.duration.threshold", "200ms");
        List<String> words =
                new ArrayList<>(List.of(spark.submit().toString(), "--name", "igarape", "--master", master));
        settings.forEach((name, value) -> words.addAll(List.of("--conf", name + "=" + value)));
        words.addAll(List.of(
                "--class",
                "dev.igarape.jobs.Main",
                spark.jar().toString(),
                "run",
                "--manifest",
                manifest.toString(),
                "--target",
                target.toString(),
                "--tables",
                table,
                "--date",
                date.toString()));
        String name = "run-" + runs++;
        return new RunningJob(builder(words, name).start(), folder.resolve(name + ".log"));
    }

    /** How many second attempts of tasks all runs together have started. */
    long speculativeAttempts() throws IOException {
        long attempts = 0;
        try (Stream<Path> logs = Files.list(events)) {
            for (Path log : logs.toList()) {
                try (Stream<String> lines = Files.lines(log)) {
                    attempts += lines.filter(line ->
                                    line.contains("SparkListenerTaskStart") && line.contains("\"Speculative\":true"))
                            .count();
                }
            }
        }
        return attempts;
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            // Executors, too.
            List<ProcessHandle> all = process.descendants().toList();
            process.destroy();
            process.waitFor();
            all.forEach(ProcessHandle::destroy);
        }
    }
}
