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
 * @param options of {@code spark-submit}, over what the configuration says
 */
public record SparkSubmit(String name, Path spark, Path conf, Path manifest, Path jar, List<String> options) {
    public SparkSubmit {
        options = List.copyOf(options);
    }

    /** The local stack's configuration, by which this program was submitted itself. */
    public static SparkSubmit localStack(Path manifest, Path jar) {
        return new SparkSubmit(
                "fast start",
                Path.of(System.getenv("SPARK_HOME")),
                Path.of(System.getenv("SPARK_CONF_DIR")),
                manifest,
                jar,
                List.of());
    }

    /** The same with other tables, and these options. */
    public SparkSubmit with(String otherName, Path otherManifest, List<String> moreOptions) {
        return new SparkSubmit(otherName, spark, conf, otherManifest, jar, moreOptions);
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
        return new SparkSubmit("plain spark-submit", spark, copy, manifest, jar, options);
    }

    /** Runs the jar to its end. */
    public void run(Path target, String tables, String... dates) throws IOException, InterruptedException {
        int status = start(JobCommand.RUN, target, tables, dates).waitFor();
        if (status != 0) {
            throw new IllegalStateException("run " + tables + " ended with status " + status);
        }
    }

    /** Starts the jar. */
    Process start(JobCommand command, Path target, String tables, String... arguments) throws IOException {
        List<String> words = new ArrayList<>(options);
        words.addAll(List.of(
                "--class",
                JobCommand.MAIN_CLASS,
                jar.toString(),
                command.commandName(),
                JobOption.MANIFEST,
                manifest.toString(),
                JobOption.TARGET,
                target.toString(),
                JobOption.TABLES,
                tables));
        words.addAll(List.of(arguments));
        return process(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** A process that is {@code spark-submit} with these arguments, not started yet. */
    public ProcessBuilder process(List<String> arguments) {
        return program("spark-submit", arguments);
    }

    /** Likewise, one of Spark's other programs. */
    public ProcessBuilder program(String name, List<String> arguments) {
        List<String> line = new ArrayList<>();
        line.add(spark.resolve("bin").resolve(name).toString());
        line.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectInput(Path.of("/dev/null").toFile());
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
        return builder;
    }

    /** The configured JVM options of drivers without quick compilation, for a query that runs the same code all the time. */
    public String optionsForSpeed() throws IOException {
        String name = "spark.driver.extraJavaOptions";
        return Files.readAllLines(conf.resolve("spark-defaults.conf")).stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().replace("-XX:TieredStopAtLevel=1 ", ""))
                .findFirst()
                .orElseThrow();
    }
}
