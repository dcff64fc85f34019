package dev.igarape.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.lake.HadoopSettings;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.Json;
import dev.igarape.model.Manifest;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** The options that select the lake and the tables of a command. */
final class LakeOptions {
    @Option(names = JobOption.MANIFEST, required = true, description = "manifest.json, a path or a Hadoop URI")
    private String manifest;

    @Option(names = JobOption.TARGET, required = true, description = "target.json, a path or a Hadoop URI")
    private String target;

    @Option(names = JobOption.TABLES, split = ",", description = "tables, <layer>.<name>")
    private List<String> tables = List.of();

    /** The tables, at least one. */
    List<TableName> tables() {
        if (tables.isEmpty()) {
            throw new LakeException(ExitCode.USAGE, "No table is named. Name some with " + JobOption.TABLES + ".");
        }
        return givenTables();
    }

    /** The tables; none if the option was not given. */
    List<TableName> givenTables() {
        List<TableName> names = new ArrayList<>();
        for (String table : tables) {
            try {
                names.add(TableName.parse(table));
            } catch (IllegalArgumentException e) {
                throw new LakeException(ExitCode.USAGE, "--tables: " + e.getMessage() + ".", e);
            }
        }
        return names;
    }

    /** Opens the lake for one run of the process's caller. */
    Lake open(String runId, Step.Listener steps) throws IOException {
        return open(Caller.ofProcess(), runId, steps);
    }

    /** Opens the lake for one run. */
    Lake open(Caller caller, String runId, Step.Listener steps) throws IOException {
        Target where = read(target, HadoopSettings.load(), Target.class);
        // The definitions may be on the target's own HDFS.
        Configuration hadoop = HadoopSettings.of(where);
        Manifest definitions = read(manifest, hadoop, Manifest.class);
        if (definitions.version() != Manifest.VERSION) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    manifest + " has format " + definitions.version() + "; this program reads format "
                            + Manifest.VERSION + ". Compile it again with ./lake compile.");
        }
        Step.Listener guarded = whileWaiting(caller, steps);
        return Lake.open(definitions, where, hadoop, Clock.systemUTC(), runId, guarded)
                .calledBy(caller);
    }

    /** Ends a run that was cancelled, unless it has just committed: what is committed gets published. */
    static Step.Listener whileWaiting(Caller caller, Step.Listener steps) {
        return step -> {
            steps.reached(step);
            if (step.compareTo(Step.COMMITTED) < 0) {
                caller.requireWaiting();
            }
        };
    }

    /** Reads a JSON file. */
    static <T> T read(String location, Configuration hadoop, Class<T> type) throws IOException {
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
}
