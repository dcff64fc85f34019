package dev.igarape.cli.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.process.ChildProcess;
import dev.igarape.cli.schema.Subject;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.stack.server.Live;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.handover.WarmRuns;
import dev.igarape.model.job.BuildFlags;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.TableResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs commands of the jobs' jar: in the live service, if it is up and takes them; else submitted to Spark, or, where they need
 * no Spark session, in a plain JVM.
 */
public final class Job {
    private final Spark spark;
    private final Workspace workspace;
    private final Path manifest;
    private final Path target;
    private final boolean debug;
    private final Consumer<String> reasons;
    private final WarmRuns warm;

    /**
     * @param manifest the file with the definitions
     * @param target the target's JSON
     * @param debug whether the jar shows the traces of errors
     */
    public Job(Spark spark, Workspace workspace, Path manifest, Path target, boolean debug) {
        this.spark = spark;
        this.workspace = workspace;
        this.manifest = manifest;
        this.target = target;
        this.debug = debug;
        this.reasons = debug ? reason -> System.err.println("Not in the live service: " + reason) : reason -> {};
        this.warm = new WarmRuns(workspace.liveProcess(), spark.jar(), System.getenv(), reasons);
    }

    /**
     * The end of a job.
     *
     * @param summary the last line of standard output, if it is JSON: the command's result; of a build that failed, the
     *     result of the last table that was built
     */
    public record Result(int status, Optional<String> summary) {
        /** The result of a command that works on tables. */
        public <T> Optional<JobResult<T>> tables(Class<T> line) {
            return summary.filter(json -> TableResult.parse(json).isEmpty())
                    .map(json -> read(json, text -> JobResult.parse(text, line)));
        }

        /** The result of any other command. */
        public <T> Optional<T> as(Class<T> type) {
            return summary.map(json -> read(json, text -> Json.mapper().readValue(text, type)));
        }

        /** The warnings of a build's tables, in their order. */
        public List<String> warnings() {
            return tables(TableResult.class).map(JobResult::warnings).orElse(List.of());
        }

        private static <T> T read(String json, Parser<T> parser) {
            try {
                return parser.parse(json);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("the jobs' last line is not a result: " + json, e);
            }
        }
    }

    @FunctionalInterface
    private interface Parser<T> {
        T parse(String json) throws JsonProcessingException;
    }

    /**
     * Builds the tables; messages go to this program's standard error.
     *
     * @param onBuilt called for each date of each table when it is there, once for a table without dates
     */
    public Result build(List<TableName> tables, DateRange range, BuildFlags flags, Runnable onBuilt) {
        List<String> options = new ArrayList<>(dates(range));
        options.addAll(flags.arguments());
        return run(JobCommand.RUN, tables, options, onBuilt);
    }

    /** Builds those dates of the tables that are due, all or within a range. */
    public Result buildDue(List<TableName> tables, Optional<DateRange> within, BuildFlags flags) {
        List<String> options = new ArrayList<>(within.map(Job::dates).orElse(List.of()));
        options.add(JobOption.DUE);
        options.addAll(flags.arguments());
        return run(JobCommand.RUN, tables, options);
    }

    /** Runs a command that prints a {@link JobResult}. */
    public Result run(JobCommand command, List<TableName> tables, List<String> options) {
        return run(command, tables, options, () -> {});
    }

    /** Plans the tables; the result is a {@link dev.igarape.model.job.PlanResult}. */
    public Result plan(List<TableName> tables) {
        return run(JobCommand.PLAN, tables, List.of());
    }

    /**
     * Checks whether these subjects could get the schemas of their files; the result is a {@link
     * dev.igarape.model.job.SchemaCheckResult}.
     */
    public Result checkSchemas(List<Subject> subjects) {
        List<String> options = new ArrayList<>();
        for (Subject subject : subjects) {
            options.addAll(List.of(JobOption.SUBJECT, subject.name() + "=" + subject.file()));
        }
        return run(
                JobCommand.SCHEMA,
                subjects.stream().map(Subject::table).distinct().toList(),
                options);
    }

    /** The options of the jar that name these dates. */
    public static List<String> dates(DateRange range) {
        boolean day = range.from().plusDays(1).equals(range.to());
        return day
                ? List.of(JobOption.DATE, range.from().toString())
                : List.of(
                        JobOption.FROM,
                        range.from().toString(),
                        JobOption.TO,
                        range.to().toString());
    }

    private Result run(JobCommand command, List<TableName> tables, List<String> options, Runnable onBuilt) {
        List<String> arguments = new ArrayList<>(List.of(
                command.commandName(),
                JobOption.MANIFEST,
                manifest.toString(),
                JobOption.TARGET,
                target.toString(),
                JobOption.TABLES,
                tables.stream().map(TableName::toString).collect(Collectors.joining(","))));
        arguments.addAll(options);
        if (debug) {
            arguments.add(JobOption.DEBUG);
        }
        Output output = new Output(onBuilt);
        OptionalInt status = handOver(arguments, output);
        if (status.isPresent()) {
            return output.result(status.getAsInt());
        }
        List<String> line = new ArrayList<>(command.usesSpark() ? submit() : spark.plain());
        line.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(workspace.state().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(spark.environment());
        return run(builder, output);
    }

    private OptionalInt handOver(List<String> arguments, Output output) {
        if (!Live.isRunning(workspace)) {
            // What a run is handed, variables with secrets among it, is for no other program on the port.
            reasons.accept("it is not running");
            return OptionalInt.empty();
        }
        return warm.run(arguments, manifest, output::line, System.err::println);
    }

    /** Standard output of a job. */
    private static final class Output {
        private final Runnable onBuilt;
        private Optional<String> last = Optional.empty();

        private Output(Runnable onBuilt) {
            this.onBuilt = onBuilt;
        }

        private void line(String line) {
            last = Optional.of(line);
            TableResult.parse(line).ifPresent(built -> onBuilt.run());
        }

        private Result result(int status) {
            return new Result(status, last.filter(line -> line.startsWith("{")));
        }
    }

    private List<String> submit() {
        return List.of(
                spark.submit().toString(),
                "--name",
                "igarape",
                "--class",
                JobCommand.MAIN_CLASS,
                spark.jar().toString());
    }

    private static Result run(ProcessBuilder builder, Output output) {
        try (ChildProcess child = ChildProcess.start(builder);
                BufferedReader out = child.process().inputReader(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                output.line(line);
            }
            return output.result(child.waitFor());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run the jobs' jar", e);
        }
    }
}
