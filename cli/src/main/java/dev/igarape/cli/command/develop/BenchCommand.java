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
import java.util.Map;
import java.util.Optional;
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
        /** The job of one small date, from its submission to its end; and the DAG of four tasks, from its trigger. */
        START,
        /** A month in one application, against one submission per date. */
        BACKFILL,
        /** How the dates of a table stand that has many of them. */
        PLAN,
        /** A few rows of a table with keys change: a current table, Delta Lake's MERGE, Hudi, deltalake, and appending. */
        MERGE,
        /** How long after the HTTP API's answer events are visible, against Spark Structured Streaming. */
        LIVE,
        /** What it costs to build the same tables by whole dates, by time, by size and continuously. */
        CADENCE,
        /** What a step of the live service costs while a day gets 10 million rows, and tables 10,000 dates. */
        GROWTH,
        /** A month of clicks, landed and built on two workers of Spark, each on a core of its own, against one. */
        CLUSTER
    }

    @ParentCommand
    private CommandContext context;

    @Mixin
    private ProjectOption project;

    @Parameters(paramLabel = "NAME", description = "${COMPLETION-CANDIDATES}.")
    private Name name;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each does the work (5; live and cadence: 1).")
    private Optional<Integer> rounds = Optional.empty();

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Of live and cadence: events a second (1000), a multiple of 10.")
    private Optional<Integer> rate = Optional.empty();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Of live and cadence: how long each is measured (180; 90).")
    private Optional<Integer> seconds = Optional.empty();

    @Option(
            names = "--only",
            paramLabel = "ENGINE",
            description = "Of live and cadence: measure one alone, as the report names it; of growth: day or dates.")
    private Optional<String> only = Optional.empty();

    @Option(
            names = "--trigger",
            paramLabel = "TIME",
            description = "Of live: Structured Streaming's trigger, as '1 second' (a batch begins when one is done).")
    private Optional<String> trigger = Optional.empty();

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows of the table of merge, or of the day of growth (10000000).")
    private Optional<Integer> rows = Optional.empty();

    @Option(names = "--dates", paramLabel = "N", description = "Of plan: dates of the table (10000).")
    private Optional<Integer> dates = Optional.empty();

    @Option(names = "--changes", paramLabel = "N", description = "Of merge: rows that change in a round (10000).")
    private Optional<Integer> changes = Optional.empty();

    @Option(names = "--warmup", paramLabel = "N", description = "Of merge: rounds before those that count (3).")
    private Optional<Integer> warmUp = Optional.empty();

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        requireAtLeast(1, "--rounds", rounds);
        requireAtLeast(1, "--seconds", seconds);
        requireAtLeast(10, "--rate", rate);
        requireAtLeast(1000, "--rows", rows);
        requireAtLeast(1000, "--dates", dates);
        requireAtLeast(1, "--changes", changes);
        requireAtLeast(0, "--warmup", warmUp);
        if (rate.isPresent() && rate.get() % 10 != 0) {
            throw new LakeException(
                    ExitCode.USAGE, "--rate is " + rate.get() + ": give a multiple of 10, for ten batches a second.");
        }
        Workspace workspace = context.workspace();
        Project.Compiled compiled = project.of(context).compiled();
        LocalStack stack = context.stack();
        stack.upForRuns(Set.of("storage", "kafka", "registry", "trino", "api"));
        Path jar = new Artifacts(workspace).bench();
        Spark spark = Spark.install(workspace, context.installer());
        List<String> classPath = new ArrayList<>(List.of(spark.jar().toString(), jar.toString()));
        if (name == Name.MERGE) {
            classPath.add(context.installer().jars("hudi", false).resolve("lib") + "/*");
        }
        List<String> line = new ArrayList<>(List.of(
                spark.submit().toString(),
                "--driver-memory",
                // Engines that merge hold many rows in memory.
                name == Name.MERGE ? "6g" : "2g",
                // Options for the benchmark's own driver: without those that speed up the start, and without the
                // archive.
                "--driver-java-options",
                "-Duser.timezone=UTC",
                "--driver-class-path",
                String.join(":", classPath),
                "--class",
                "dev.igarape.bench.Main",
                jar.toString(),
                name.name().toLowerCase(Locale.ROOT),
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
        if (name == Name.MERGE) {
            Path lock = workspace.home().resolve("cli/servers/python/deltalake.lock");
            Path python = context.installer().environment("deltalake", lock).resolve("bin/python");
            line.addAll(List.of("--python", python.toString()));
        }
        if (name == Name.START) {
            line.addAll(List.of(
                    "--airflow",
                    stack.airflow(),
                    "--live",
                    workspace.liveProcess().toString()));
        }
        rounds.ifPresent(number -> line.addAll(List.of("--rounds", number.toString())));
        rate.ifPresent(number -> line.addAll(List.of("--rate", number.toString())));
        seconds.ifPresent(number -> line.addAll(List.of("--seconds", number.toString())));
        rows.ifPresent(number -> line.addAll(List.of("--rows", number.toString())));
        dates.ifPresent(number -> line.addAll(List.of("--dates", number.toString())));
        changes.ifPresent(number -> line.addAll(List.of("--changes", number.toString())));
        warmUp.ifPresent(number -> line.addAll(List.of("--warmup", number.toString())));
        only.ifPresent(engine -> line.addAll(List.of("--only", engine)));
        trigger.ifPresent(time -> line.addAll(List.of("--trigger", time)));
        if (output.isJson()) {
            line.add("--json");
        }
        return ExternalCommand.of(line)
                .with(spark.environment())
                .with(Map.of(
                        "IGARAPE_API_TOKEN", stack.apiToken(), "IGARAPE_AIRFLOW_PASSWORD", stack.airflowPassword()))
                .attached(workspace.state());
    }

    private static void requireAtLeast(int least, String option, Optional<Integer> number) {
        if (number.isPresent() && number.get() < least) {
            throw new LakeException(ExitCode.USAGE, option + " is " + number.get() + ": give " + least + " or more.");
        }
    }
}
