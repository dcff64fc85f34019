package dev.igarape.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.DateRange;
import dev.igarape.model.ExitCode;
import dev.igarape.model.Json;
import dev.igarape.model.LakeException;
import dev.igarape.model.Manifest;
import dev.igarape.model.TableName;
import dev.igarape.model.Target;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: builds tables for a date or a range, in the manifest's order. */
@Command(name = "run", description = "Builds tables for a date or a half-open range of dates.")
final class RunCommand implements Callable<Integer> {
    @Option(names = "--manifest", required = true, description = "manifest.json, a path or a Hadoop URI")
    private String manifest;

    @Option(names = "--target", required = true, description = "target.json, a path or a Hadoop URI")
    private String target;

    @Option(names = "--tables", required = true, split = ",", description = "tables to build, <layer>.<name>")
    private List<String> tables;

    @Option(names = "--date", description = "the date to build, yyyy-MM-dd")
    private Optional<String> date;

    @Option(names = "--from", description = "the first date to build")
    private Optional<String> from;

    @Option(names = "--to", description = "the date after the last one to build")
    private Optional<String> to;

    @Option(names = "--refetch", description = "fetch HTTP answers again that were landed before")
    private boolean refetch;

    @Option(names = "--accept-gap", description = "go on where Kafka has lost records, and record the gap")
    private boolean acceptGap;

    @Option(names = "--run-id", description = "names this run in commits and logs")
    private Optional<String> runId;

    @Option(names = "--halt-at", hidden = true, description = "for fault tests (or IGARAPE_HALT_AT): die at this step")
    private Optional<String> haltAt;

    @Override
    public Integer call() {
        try {
            List<TableRun> runs = run();
            System.out.println(summary(runs));
            return ExitCode.DONE.status();
        } catch (Exception e) {
            return Failures.report(e, System.err);
        }
    }

    private String id;

    private List<TableRun> run() throws IOException, InterruptedException {
        DateRange range = DateRange.parse(date, from, to);
        List<TableName> names = new ArrayList<>();
        for (String table : tables) {
            try {
                names.add(TableName.parse(table));
            } catch (IllegalArgumentException e) {
                throw new LakeException(ExitCode.USAGE, "--tables: " + e.getMessage() + ".", e);
            }
        }
        Configuration hadoop = HadoopSettings.load();
        Manifest definitions = read(manifest, hadoop, Manifest.class);
        if (definitions.version() != Manifest.VERSION) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    manifest + " has format " + definitions.version() + "; this program reads format "
                            + Manifest.VERSION + ". Compile it again with ./lake compile.");
        }
        id = runId.orElseGet(() -> UUID.randomUUID().toString());
        MDC.put("run_id", id);
        Lake lake =
                Lake.open(definitions, read(target, hadoop, Target.class), hadoop, Clock.systemUTC(), id, listener());
        try (TableRunner runner = new TableRunner(lake, () -> SparkSessions.start(id), RunCommand::tell)) {
            return runner.run(names, range, new TableRunner.Options(refetch, acceptGap));
        }
    }

    private Step.Listener listener() {
        Optional<String> step = haltAt.or(() -> Optional.ofNullable(System.getenv("IGARAPE_HALT_AT")));
        if (step.isEmpty()) {
            return Step.Listener.NONE;
        }
        Step deadly = Step.valueOf(step.get().toUpperCase(java.util.Locale.ROOT));
        return reached -> {
            if (reached == deadly) {
                Runtime.getRuntime().halt(137);
            }
        };
    }

    private static <T> T read(String location, Configuration hadoop, Class<T> type) throws IOException {
        Path path = new Path(
                location.contains(":")
                        ? location
                        : "file://" + java.nio.file.Path.of(location).toAbsolutePath());
        try (InputStream in = path.getFileSystem(hadoop).open(path)) {
            return Json.mapper().readValue(in, type);
        } catch (java.io.FileNotFoundException e) {
            throw new LakeException(
                    ExitCode.USAGE, "There is no " + location + ". Give the path of an existing file.", e);
        } catch (JsonProcessingException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    location + " is not what this program writes: " + e.getOriginalMessage()
                            + ". Make it again with ./lake compile.",
                    e);
        }
    }

    /** A line for whoever watches; the summary, at the end, has it all. */
    private static void tell(TableRun run) {
        try {
            System.out.println(Json.mapper().writeValueAsString(new RunLine(run).toMap()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String summary(List<TableRun> runs) throws JsonProcessingException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (TableRun run : runs) {
            rows.add(new RunLine(run).toMap());
        }
        return Json.mapper().writeValueAsString(Map.of("run_id", id, "tables", rows));
    }
}
