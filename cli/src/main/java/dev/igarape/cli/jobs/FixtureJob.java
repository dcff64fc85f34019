package dev.igarape.cli.jobs;

import dev.igarape.cli.Workspace;
import dev.igarape.cli.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The tests in a project's pipelines, run by the jobs' jar in one process that needs no server. */
public final class FixtureJob {
    private final Spark spark;
    private final Workspace workspace;

    public FixtureJob(Spark spark, Workspace workspace) {
        this.spark = spark;
        this.workspace = workspace;
    }

    /**
     * Runs them on this terminal and returns the exit status.
     *
     * @param pipelines whose tests; none: all
     */
    public int run(Path project, List<String> pipelines) {
        Path scratch = workspace.state().resolve("tmp/test");
        try {
            Files.createDirectories(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // Nothing of the local stack's settings: it may not run, and a test is none of its business.
        Map<String, String> settings = Map.of(
                "spark.driver.host", "127.0.0.1",
                "spark.driver.bindAddress", "127.0.0.1",
                "spark.ui.enabled", "false",
                "spark.ui.showConsoleProgress", "false",
                "spark.eventLog.enabled", "false",
                "spark.local.dir", scratch.toString(),
                "spark.sql.shuffle.partitions", "1",
                "spark.driver.extraJavaOptions", Spark.DRIVER_OPTIONS + " -Djava.io.tmpdir=" + scratch);
        List<String> line = new ArrayList<>(List.of(
                spark.submit().toString(),
                "--master",
                "local[2]",
                "--name",
                "igarape test",
                "--properties-file",
                "/dev/null"));
        settings.forEach((name, value) -> line.addAll(List.of("--conf", name + "=" + value)));
        line.addAll(List.of(
                "--driver-class-path",
                spark.jar().toString(),
                "--class",
                "dev.igarape.jobs.Main",
                spark.jar().toString(),
                "test",
                "--project",
                project.toString(),
                "--manifest",
                workspace.manifest().toString()));
        if (!pipelines.isEmpty()) {
            line.addAll(List.of("--pipelines", String.join(",", pipelines)));
        }
        return Command.of(line)
                .with(spark.environment())
                .with(
                        "SPARK_CONF_DIR",
                        workspace.home().resolve("cli/servers/spark").toString())
                .with("HADOOP_CONF_DIR", scratch.toString())
                .attached(workspace.state());
    }
}
