package dev.igarape.bench;

import dev.igarape.model.ExitCode;
import dev.igarape.model.Json;
import dev.igarape.model.LakeException;
import dev.igarape.model.Target;
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

/** Runs one benchmark; {@code ./lake bench} submits it to Spark. */
@Command(name = "bench", description = "Measures the jobs against their rivals.")
public final class Main implements Callable<Integer> {
    /** What can be measured. */
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

    @Option(names = "--scratch", required = true, description = "a folder for configuration files of rivals")
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
                Scratch lake = Scratch.open(real, "land", scratch)) {
            LandBench bench = new LandBench(spark, lake, messages);
            return report(bench.work(), new Contest(bench.duels(), System.err).warmUp());
        }
    }

    private Report start(Target real) throws Exception {
        Submit submit = Submit.ours(manifest, jar);
        try (Scratch ours = Scratch.open(real, "ours", scratch);
                Scratch rival = Scratch.open(real, "rival", scratch)) {
            List<Duel> duels = DateJob.duels(submit, submit.plain(scratch), List.of(ours, rival), rounds);
            return report(DateJob.WORK, new Contest(duels, System.err).warmUp());
        }
    }

    private Report backfill(Target real) throws Exception {
        try (Scratch ours = Scratch.open(real, "ours", scratch);
                Scratch rival = Scratch.open(real, "rival", scratch)) {
            List<Duel> duels = Backfill.duels(Submit.ours(manifest, jar), List.of(ours, rival));
            return report(Backfill.WORK, new Contest(duels, System.err));
        }
    }

    private Report plan(Target real) throws Exception {
        try (Scratch ours = Scratch.open(real, "ours", scratch);
                Scratch rival = Scratch.open(real, "rival", scratch)) {
            List<Duel> duels = PlanJob.duels(lake, scratch, List.of(ours, rival));
            return report(PlanJob.WORK, new Contest(duels, System.err).warmUp());
        }
    }

    private Report report(String work, Contest contest) throws Exception {
        return new Report(name.name().toLowerCase(Locale.ROOT), work, Report.thisMachine(), contest.run(rounds));
    }
}
