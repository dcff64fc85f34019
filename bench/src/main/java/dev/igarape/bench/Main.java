package dev.igarape.bench;

import dev.igarape.bench.cadence.CadenceReport;
import dev.igarape.bench.cadence.Cadences;
import dev.igarape.bench.cluster.ClickMonth;
import dev.igarape.bench.cluster.ClusterCandidate;
import dev.igarape.bench.cluster.PinnedCluster;
import dev.igarape.bench.command.AirflowDag;
import dev.igarape.bench.command.BackfillCandidate;
import dev.igarape.bench.command.DagCandidate;
import dev.igarape.bench.command.PlanCandidate;
import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.bench.command.StackService;
import dev.igarape.bench.command.StartCandidate;
import dev.igarape.bench.command.WarmService;
import dev.igarape.bench.engine.ClickTables;
import dev.igarape.bench.engine.LiveEngine;
import dev.igarape.bench.engine.StreamingEngine;
import dev.igarape.bench.engine.StructuredStreaming;
import dev.igarape.bench.growth.GrowthBenchmark;
import dev.igarape.bench.harness.Benchmark;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.Report;
import dev.igarape.bench.harness.Result;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.harness.TrinoReader;
import dev.igarape.bench.landing.LandComparisons;
import dev.igarape.bench.live.LiveLoad;
import dev.igarape.bench.live.LiveReport;
import dev.igarape.bench.merge.MergeComparisons;
import dev.igarape.bench.stream.ApiClient;
import dev.igarape.bench.stream.Engine;
import dev.igarape.bench.stream.EngineBenchmark;
import dev.igarape.bench.stream.EngineResults;
import dev.igarape.bench.stream.Load;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
        PLAN,
        MERGE,
        LIVE,
        CADENCE,
        GROWTH,
        CLUSTER
    }

    private static final int ROUNDS = 5;

    @Parameters(paramLabel = "NAME")
    private Name name;

    @Option(names = "--rounds", description = "5; of live and cadence, 1")
    private Optional<Integer> rounds = Optional.empty();

    @Option(names = "--rate", description = "clicks a second of a stream")
    private Optional<Integer> rate = Optional.empty();

    @Option(names = "--seconds", description = "how long a stream is measured")
    private Optional<Integer> seconds = Optional.empty();

    @Option(names = "--only", description = "measures this engine, or part of growth, alone")
    private Optional<String> only = Optional.empty();

    @Option(names = "--json")
    private boolean json;

    @Option(names = "--messages", defaultValue = "2000000")
    private int messages;

    @Option(names = "--rows", defaultValue = "10000000", description = "of the table of merge, or of the day of growth")
    private long rows;

    @Option(names = "--changes", defaultValue = "10000", description = "of a round of merge")
    private long changes;

    @Option(names = "--warmup", defaultValue = "3", description = "rounds of merge before those that count")
    private int warmUp;

    @Option(names = "--dates", defaultValue = "10000", description = "of the table of plan")
    private int dates;

    @Option(names = "--trigger", defaultValue = StructuredStreaming.AT_ONCE, description = "of Structured Streaming")
    private String trigger;

    @Option(names = "--python", description = "of merge: an interpreter that has deltalake")
    private Optional<Path> python = Optional.empty();

    @Option(names = "--airflow", description = "of start: the URL of the stack's Airflow")
    private Optional<String> airflow = Optional.empty();

    @Option(names = "--live", description = "of start: the state file of the stack's live service")
    private Optional<Path> live = Optional.empty();

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
            Result report = report(Json.mapper().readValue(target.toFile(), Target.class));
            if (json) {
                out.println(report.json());
            } else {
                out.println();
                report.print(out);
            }
            if (!report.correct()) {
                System.err.println(
                        "No time counts: the rows are not those that had to come out, or none were measured.");
                return ExitCode.BUG.status();
            }
            return ExitCode.DONE.status();
        } catch (LakeException e) {
            System.err.println(e.getMessage());
            return e.exitCode().status();
        }
    }

    private Result report(Target real) throws Exception {
        return switch (name) {
            case LAND -> land(real);
            case START -> start(real);
            case BACKFILL -> backfill(real);
            case PLAN -> plan(real);
            case MERGE -> merge(real);
            case LIVE -> live(real);
            case CADENCE -> cadence(real);
            case GROWTH -> growth(real);
            case CLUSTER -> cluster(real);
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
            return report(bench.work(), new Benchmark(bench.comparisons(), System.err).warmUp(1));
        }
    }

    private Report merge(Target real) throws Exception {
        MergeComparisons.Setup setup = new MergeComparisons.Setup(
                Files.createDirectories(scratch.resolve("merge")),
                python.orElseThrow(),
                rows,
                changes,
                warmUp + rounds());
        MergeComparisons.configureSpark();
        try (SparkSession spark = SparkSessions.startResident("bench merge");
                ScratchTarget lake = ScratchTarget.open(real, "merge", scratch);
                MergeComparisons bench = new MergeComparisons(spark, lake, setup)) {
            String work = "%,d of %,d rows changed at random, a twentieth of them deleted, with a change feed"
                    .formatted(changes, rows);
            Report report = report(work, new Benchmark(bench.comparisons(), System.err).warmUp(warmUp));
            bench.printWritten(System.err, report.results());
            return report;
        }
    }

    private Report start(Target real) throws Exception {
        SparkSubmit submit = SparkSubmit.localStack(manifest, jar);
        List<Comparison> dag = DagCandidate.comparisons(
                AirflowDag.of(airflow.orElseThrow(), DagCandidate.NAME),
                new StackService(live.orElseThrow(), jar, manifest, target),
                new TrinoReader(real),
                System.err);
        try (ScratchTarget ours = ScratchTarget.open(real, "ours", scratch);
                ScratchTarget baseline = ScratchTarget.open(real, "baseline", scratch);
                ScratchTarget warm = ScratchTarget.open(real, "warm", scratch);
                ScratchTarget cold = ScratchTarget.open(real, "cold", scratch);
                WarmService service = WarmService.start(submit, warm, scratch)) {
            List<Comparison> comparisons = new ArrayList<>(StartCandidate.comparisons(
                    submit, submit.sparkDefaults(scratch), List.of(ours, baseline), rounds()));
            comparisons.add(service.comparison(cold, rounds()));
            comparisons.addAll(dag);
            String work = dag.isEmpty() ? StartCandidate.WORK : StartCandidate.WORK + "; " + DagCandidate.WORK;
            return report(work, new Benchmark(comparisons, System.err).warmUp(1));
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
            List<Comparison> comparisons = PlanCandidate.comparisons(lake, scratch, List.of(ours, baseline), dates);
            return report(PlanCandidate.work(dates), new Benchmark(comparisons, System.err).warmUp(1));
        }
    }

    private Result live(Target real) throws Exception {
        Load load = LiveLoad.of(rate, seconds);
        SparkSubmit submit = SparkSubmit.localStack(manifest, jar);
        try (ScratchTarget ours = ScratchTarget.open(real, "ours", scratch);
                ScratchTarget rival = ScratchTarget.open(real, "rival", scratch)) {
            List<Engine> engines = List.of(
                    new LiveEngine(LiveReport.OURS, submit, ours, scratch, ClickTables.CONTINUOUS, LiveLoad.EVERY),
                    new StreamingEngine(LiveReport.RIVAL, submit, rival, scratch, benchJar(), trigger));
            return new LiveReport(
                    Report.thisMachine(), load, measured(real, load, engines, Optional.of(LiveReport.OURS)));
        }
    }

    private Result cadence(Target real) throws Exception {
        Load load = Cadences.load(rate, seconds);
        SparkSubmit submit = SparkSubmit.localStack(manifest, jar);
        try (ScratchTarget lake = ScratchTarget.open(real, "cadence", scratch)) {
            List<Engine> engines = Cadences.engines(submit, lake, scratch);
            return new CadenceReport(Report.thisMachine(), load, measured(real, load, engines, Optional.empty()));
        }
    }

    private Result growth(Target real) throws Exception {
        try (SparkSession spark = SparkSessions.startResident("bench growth");
                ScratchTarget lake = ScratchTarget.open(real, "growth", scratch)) {
            GrowthBenchmark bench = new GrowthBenchmark(spark, lake, manifest, scratch, System.err);
            return bench.run(Report.thisMachine(), rows, only);
        }
    }

    private Report cluster(Target real) throws Exception {
        SparkSubmit submit = SparkSubmit.localStack(manifest, jar);
        try (ClickMonth month = ClickMonth.send(real);
                PinnedCluster two = PinnedCluster.start(submit, scratch.resolve("two-workers"), 2);
                PinnedCluster one = PinnedCluster.start(submit, scratch.resolve("one-worker"), 1);
                ScratchTarget landedByTwo = ScratchTarget.open(real, "landed_by_two", scratch);
                ScratchTarget landedByOne = ScratchTarget.open(real, "landed_by_one", scratch);
                ScratchTarget builtByTwo = ScratchTarget.open(real, "built_by_two", scratch);
                ScratchTarget builtByOne = ScratchTarget.open(real, "built_by_one", scratch)) {
            List<Comparison> comparisons = ClusterCandidate.comparisons(
                    two, one, month, manifest, List.of(landedByTwo, landedByOne, builtByTwo, builtByOne), scratch);
            return report(ClusterCandidate.WORK, new Benchmark(comparisons, System.err).warmUp(1));
        }
    }

    /**
     * Measures those of the engines that {@code --only} leaves.
     *
     * @param ours the engine that may not fail; empty if each may
     */
    private EngineResults measured(Target real, Load load, List<Engine> engines, Optional<String> ours)
            throws Exception {
        List<Engine> chosen = engines.stream()
                .filter(engine -> only.map(engine.name()::equals).orElse(true))
                .toList();
        if (chosen.isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "No engine is called " + only.orElseThrow() + ". There are: "
                            + engines.stream().map(Engine::name).collect(Collectors.joining(", ")) + ".");
        }
        return new EngineBenchmark(real, ApiClient.of(real), load, System.err).run(chosen, ours, rounds.orElse(1));
    }

    /** The jar that this program is in. */
    private static Path benchJar() throws URISyntaxException {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private int rounds() {
        return rounds.orElse(ROUNDS);
    }

    private Report report(String work, Benchmark benchmark) throws Exception {
        return new Report(name.name().toLowerCase(Locale.ROOT), work, Report.thisMachine(), benchmark.run(rounds()));
    }
}
