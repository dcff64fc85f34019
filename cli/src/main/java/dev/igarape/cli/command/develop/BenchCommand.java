package dev.igarape.cli.command.develop;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.install.Artifacts;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@CommandLine.Command(
        name = "bench",
        description = "Measure the jobs against baselines on the local stack; times count only for equal results.")
public final class BenchCommand implements Callable<Integer> {
    /** The benchmarks. */
    enum Name {
        /** A topic into HDFS: ours, Spark's from_avro, and the bytes as they are. */
        LAND,
        /** The job of one small date, from its submission to its end. */
        START,
        /** A month in one application, against one submission per date. */
        BACKFILL,
        /** How the dates of a table stand that has 10,000 of them. */
        PLAN
    }

    @ParentCommand
    private CommandContext context;

    @Mixin
    private ProjectOption project;

    @Parameters(paramLabel = "NAME", description = "${COMPLETION-CANDIDATES}.")
    private Name name;

    @Option(names = "--rounds", defaultValue = "5", description = "How often each does the work (${DEFAULT-VALUE}).")
    private int rounds;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        if (rounds < 1) {
            throw new LakeException(ExitCode.USAGE, "--rounds is " + rounds + ": give 1 or more.");
        }
        Workspace workspace = context.workspace();
        Project.Compiled compiled = project.of(context).compiled();
        LocalStack stack = context.stack();
        stack.up(Set.of("storage", "kafka", "registry", "trino", "api"));
        Path jar = new Artifacts(workspace).bench();
        Spark spark = Spark.install(workspace, context.installer());
        List<String> line = new ArrayList<>(List.of(
                spark.submit().toString(),
                "--driver-memory",
                "2g",
                // Options for the benchmark's own driver: without those that speed up the start, and without the
                // archive.
                "--driver-java-options",
                "-Duser.timezone=UTC",
                "--driver-class-path",
                spark.jar() + ":" + jar,
                "--class",
                "dev.igarape.bench.Main",
                jar.toString(),
                name.name().toLowerCase(Locale.ROOT),
                "--rounds",
                Integer.toString(rounds),
                "--manifest",
                compiled.file().toString(),
                "--target",
                workspace.target().toString(),
                "--jar",
                spark.jar().toString(),
                "--lake",
                workspace.home().resolve("lake").toString(),
                "--scratch",
                workspace.state().resolve("bench").toString()));
        if (output.isJson()) {
            line.add("--json");
        }
        return ExternalCommand.of(line).with(spark.environment()).attached(workspace.state());
    }
}
