package dev.igarape.jobs;

import dev.igarape.jobs.fixture.FixtureRun;
import dev.igarape.jobs.lake.HadoopSettings;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.Manifest;
import dev.igarape.model.ManifestFile;
import dev.igarape.model.Pipeline;
import dev.igarape.model.compile.fixture.Fixture;
import dev.igarape.model.compile.fixture.FixtureReader;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code test}: runs the tests of pipelines, given rows to expected rows, without any server. */
@Command(name = JobCommand.Name.TEST, description = "Runs the tests in pipelines/<pipeline>/tests.")
final class TestCommand implements Callable<Integer> {
    @Option(names = JobOption.PROJECT, required = true, description = "the project's folder")
    private Path project;

    @Option(names = JobOption.MANIFEST, required = true, description = "manifest.json of the project")
    private Path manifest;

    @Option(names = JobOption.PIPELINES, split = ",", description = "which; without it, all")
    private List<String> pipelines = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Manifest definitions = ManifestFile.read(manifest);
        List<Fixture> fixtures = new ArrayList<>();
        for (Pipeline pipeline : definitions.pipelines()) {
            if (pipelines.isEmpty() || pipelines.contains(pipeline.name())) {
                fixtures.addAll(FixtureReader.read(project, definitions, pipeline));
            }
        }
        if (fixtures.isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is nothing to test. Add a test, pipelines/<pipeline>/tests/<name>.yaml with `given` and"
                            + " `expect`.");
        }
        int failed = 0;
        try (SparkSession session = SparkSessions.start("test")) {
            FixtureRun run = new FixtureRun(definitions, project, session, HadoopSettings.load(), Clock.systemUTC());
            for (Fixture fixture : fixtures) {
                List<String> lines = run.run(fixture);
                System.out.println((lines.isEmpty() ? "ok      " : "FAILED  ") + fixture.title());
                lines.forEach(line -> System.out.println("  " + line));
                failed += lines.isEmpty() ? 0 : 1;
            }
        }
        System.out.println(fixtures.size() + (fixtures.size() == 1 ? " test, " : " tests, ") + failed + " failed");
        return (failed == 0 ? ExitCode.DONE : ExitCode.EXPECTATION).status();
    }
}
