package dev.igarape.bench.command;

import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code spark-submit} of the jobs' jar with one configuration.
 *
 * @param conf {@code SPARK_CONF_DIR}
 */
public record SparkSubmit(String name, Path spark, Path conf, Path manifest, Path jar) {
    /** The local stack's configuration, by which this program was submitted itself. */
    public static SparkSubmit localStack(Path manifest, Path jar) {
        return new SparkSubmit(
                "fast start",
                Path.of(System.getenv("SPARK_HOME")),
                Path.of(System.getenv("SPARK_CONF_DIR")),
                manifest,
                jar);
    }

    /** The same endpoints, but Spark's own defaults for the JVM. */
    public SparkSubmit sparkDefaults(Path folder) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("plain"));
        for (String file : List.of("spark-defaults.conf", "log4j2.properties")) {
            List<String> kept = Files.readAllLines(conf.resolve(file)).stream()
                    .filter(line -> !line.startsWith("spark.driver.extra"))
                    .toList();
            Files.write(copy.resolve(file), kept);
        }
        return new SparkSubmit("plain spark-submit", spark, copy, manifest, jar);
    }

    /** Runs the jar to its end. */
    void run(Path target, String tables, String... dates) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                spark.resolve("bin/spark-submit").toString(),
                "--class",
                JobCommand.MAIN_CLASS,
                jar.toString(),
                JobCommand.RUN.commandName(),
                JobOption.MANIFEST,
                manifest.toString(),
                JobOption.TARGET,
                target.toString(),
                JobOption.TABLES,
                tables));
        line.addAll(List.of(dates));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        Map<String, String> environment = new HashMap<>(System.getenv());
        // What the spark-submit around this program has set for itself.
        environment.keySet().removeIf(variable -> variable.startsWith("SPARK_") || variable.startsWith("_SPARK_"));
        environment.put("SPARK_HOME", spark.toString());
        environment.put("SPARK_CONF_DIR", conf.toString());
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        if (conf.equals(Path.of(System.getenv("SPARK_CONF_DIR")))) {
            environment.put("SPARK_LAUNCHER_OPTS", System.getenv().getOrDefault("SPARK_LAUNCHER_OPTS", ""));
        }
        builder.environment().clear();
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        if (status != 0) {
            throw new IllegalStateException(line + " ended with status " + status);
        }
    }
}
