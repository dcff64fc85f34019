package dev.igarape.bench;

import dev.igarape.bench.command.BackfillCandidate;
import dev.igarape.bench.command.PlanCandidate;
import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.bench.command.StartCandidate;
import dev.igarape.bench.harness.Benchmark;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.Report;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.landing.LandComparisons;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program that runs one benchmark; {@code ./lake bench} submits it to Spark. */
@Command(name = "bench", description = "Measures the jobs against baselines.")
public final class Main implements Callable<Integer> {
    /** The benchmarks. */
    enum Name {
        LAND,
        START,
        BACKFILL,
        PLAN
    }

    @Parameters(paramLabel = "NAME")
    private Name name;

    @Option(names = "--rounds", defaultValue = "5")
    private int rounds;

    @Option(names = "--json")
    private boolean json;

    @Option(names = "--messages", defaultValue = "2000000")
    private int messages;

    @Option(names = "--manifest", required = true)
    private Path manifest;

    @Option(names = "--target", required = true)
    private Path target;

    @Option(names = "--jar", required = true, description = "the jobs' fat jar")
    private Path jar;

    @Option(names = "--lake", required = true, description = "the command ./lake")
    private Path lake;

    @Option(names = "--scratch", required = true, description = "a folder for configuration files of baselines")
    private Path scratch;

    public static void main(String[] arguments) {
        int status = new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments);
        if (status != 0) {
            System.exit(status);
        }
    }

    @Override
    public Integer call() throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try {
            Report report = report(Json.mapper().readValue(target.toFile(), Target.class));
            if (json) {
                out.println(report.json());
            } else {
                out.println();
                report.print(out);
            }
            return ExitCode.DONE.status();
        } catch (LakeException e) {
            System.err.println(e.getMessage());
            return e.exitCode().status();
        }
    }

    private Report report(Target real) throws Exception {
        return switch (name) {
            case LAND -> land(real);
            case START -> start(real);
            case BACKFILL -> backfill(real);
            case PLAN -> plan(real);
        };
    }

    private Report land(Target real) throws Exception {
        try (SparkSession spark = SparkSession.builder()
                        .appName("igarape bench land")
                        .config("spark.sql.catalogImplementation", "in-memory")
                        .config("spark.sql.session.timeZone", "UTC")
                        .getOrCreate();
                ScratchTarget lake = ScratchTarget.open(real, "land", scratch)) {
            LandComparisons bench = new LandComparisons(spark, lake, messages);
            return report(bench.work(), new Benchmark(bench.comparisons(), System.err).warmUp());
        }
    }

    private Report start(Target real) throws Exception {
        SparkSubmit submit = SparkSubmit.localStack(manifest, jar);
        try (ScratchTarget ours = ScratchTarget.open(real, "ours", scratch);
                ScratchTarget baseline = ScratchTarget.open(real, "baseline", scratch)) {
            List<Comparison> comparisons =
                    StartCandidate.comparisons(submit, submit.sparkDefaults(scratch), List.of(ours, baseline), rounds);
            return report(StartCandidate.WORK, new Benchmark(comparisons, System.err).warmUp());
        }
    }

    private Report backfill(Target real) throws Exception {
        try (ScratchTarget ours = ScratchTarget.open(real, "ours", scratch);
                ScratchTarget baseline = ScratchTarget.open(real, "baseline", scratch)) {
            List<Comparison> comparisons =
                    BackfillCandidate.comparisons(SparkSubmit.localStack(manifest, jar), List.of(ours, baseline));
            return report(BackfillCandidate.WORK, new Benchmark(comparisons, System.err));
        }
    }

    private Report plan(Target real) throws Exception {
        try (ScratchTarget ours = ScratchTarget.open(real, "ours", scratch);
                ScratchTarget baseline = ScratchTarget.open(real, "baseline", scratch)) {
            List<Comparison> comparisons = PlanCandidate.comparisons(lake, scratch, List.of(ours, baseline));
            return report(PlanCandidate.WORK, new Benchmark(comparisons, System.err).warmUp());
        }
    }

    private Report report(String work, Benchmark benchmark) throws Exception {
        return new Report(name.name().toLowerCase(Locale.ROOT), work, Report.thisMachine(), benchmark.run(rounds));
    }
}
