package dev.igarape.cli.jobs;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The job that runs the tests in a project's pipelines, in one process that needs no server. */
public final class FixtureJob {
    private final Spark spark;
    private final Workspace workspace;
    private final boolean debug;

    /** @param debug whether the traces of errors are shown */
    public FixtureJob(Spark spark, Workspace workspace, boolean debug) {
        this.spark = spark;
        this.workspace = workspace;
        this.debug = debug;
    }

    /**
     * The command that runs them, in the folder of the stack's state; its exit status is 0 if none fails.
     *
     * @param manifest the file with the project's definitions
     * @param pipelines whose tests; none: all
     */
    public ExternalCommand command(Path project, Path manifest, List<String> pipelines) {
        Path scratch = workspace.state().resolve("tmp/test");
        Path conf = conf(scratch);
        List<String> line = new ArrayList<>(List.of(
                spark.submit().toString(),
                "--name",
                "igarape test",
                "--class",
                JobCommand.MAIN_CLASS,
                spark.jar().toString(),
                JobCommand.TEST.commandName(),
                JobOption.PROJECT,
                project.toString(),
                JobOption.MANIFEST,
                manifest.toString()));
        if (!pipelines.isEmpty()) {
            line.addAll(List.of(JobOption.PIPELINES, String.join(",", pipelines)));
        }
        if (debug) {
            line.add(JobOption.DEBUG);
        }
        return ExternalCommand.of(line)
                .with(spark.environment())
                .with("SPARK_CONF_DIR", conf.toString())
                .with("HADOOP_CONF_DIR", conf.toString());
    }

    /** Writes a configuration of its own, since the local stack may not run and a test must not touch it. */
    private Path conf(Path scratch) {
        Path conf = scratch.resolve("conf");
        String log = "log4j2.properties";
        try {
            Files.createDirectories(conf);
            Files.writeString(
                    conf.resolve(log),
                    Files.readString(workspace
                                    .home()
                                    .resolve("cli/servers/spark")
                                    .resolve(log))
                            .replace("${LOG_DIR}", scratch.toString()));
            Files.writeString(
                    conf.resolve("spark-defaults.conf"),
                    String.join(
                            "\n",
                            "spark.master local[2]",
                            "spark.driver.host 127.0.0.1",
                            "spark.driver.bindAddress 127.0.0.1",
                            "spark.driver.extraClassPath " + spark.jar(),
                            "spark.driver.extraJavaOptions " + Spark.DRIVER_OPTIONS + " -Djava.io.tmpdir=" + scratch,
                            "spark.ui.enabled false",
                            "spark.ui.showConsoleProgress false",
                            "spark.eventLog.enabled false",
                            "spark.local.dir " + scratch,
                            "spark.sql.shuffle.partitions 1",
                            ""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return conf;
    }
}
