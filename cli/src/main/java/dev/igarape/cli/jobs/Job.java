package dev.igarape.cli.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.process.ChildProcess;
import dev.igarape.cli.schema.Subject;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One run of the jobs' jar: tables for dates, in one Spark application; or a command that needs no Spark session, in a JVM
 * of its own.
 */
public final class Job {
    /** What works on ledgers, folders and the metastore alone. Anything else may start a session, and is submitted. */
    private static final Set<String> WITHOUT_SESSION = Set.of(
            "plan",
            "repair",
            "rollback",
            "retention",
            "clean",
            "quarantine-list",
            "quarantine-show",
            "ledger-backup",
            "ledger-restore");

    private final Spark spark;
    private final Workspace workspace;
    private final Path manifest;
    private final Path target;
    private final boolean debug;

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
    }

    /**
     * What became of it.
     *
     * @param summary the last line of standard output, JSON; empty when it failed before writing it
     */
    public record Result(int status, Optional<String> summary) {
        /** What the job's tables warn of, in their order. */
        public List<String> warnings() {
            List<String> warnings = new ArrayList<>();
            summary.map(Job::parsed)
                    .ifPresent(told -> told.path("tables")
                            .forEach(table ->
                                    table.path("warnings").forEach(warning -> warnings.add(warning.asText()))));
            return warnings;
        }
    }

    /** What a summary tells. */
    public static JsonNode parsed(String summary) {
        try {
            return Json.mapper().readTree(summary);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the jobs' last line is not JSON: " + summary, e);
        }
    }

    /**
     * Builds the tables; messages go to this program's standard error.
     *
     * @param built called for each date of each table when it is there, once for a table without dates
     */
    public Result run(List<TableName> tables, DateRange range, List<String> options, Runnable built) {
        List<String> words = new ArrayList<>(dates(range));
        words.addAll(options);
        return run("run", tables, words, built);
    }

    /** Builds those dates of the tables that are due, all or within a range. */
    public Result runDue(List<TableName> tables, Optional<DateRange> within, List<String> options, Runnable built) {
        List<String> words = new ArrayList<>(within.map(Job::dates).orElse(List.of()));
        words.add("--due");
        words.addAll(options);
        return run("run", tables, words, built);
    }

    /** Runs a command of the jar that says at its end what it did. */
    public Result run(String command, List<TableName> tables, List<String> options) {
        return run(command, tables, options, () -> {});
    }

    /** Says how the tables' dates stand. */
    public Result plan(List<TableName> tables) {
        return run("plan", tables, List.of(), () -> {});
    }

    /** Says whether these subjects could get the schemas of their files. */
    public Result check(List<Subject> subjects) {
        List<String> words = new ArrayList<>();
        for (Subject subject : subjects) {
            words.addAll(List.of("--subject", subject.name() + "=" + subject.file()));
        }
        return run("schema", subjects.stream().map(Subject::table).distinct().toList(), words, () -> {});
    }

    private static List<String> dates(DateRange range) {
        boolean day = range.from().plusDays(1).equals(range.to());
        return day
                ? List.of("--date", range.from().toString())
                : List.of("--from", range.from().toString(), "--to", range.to().toString());
    }

    private Result run(String what, List<TableName> tables, List<String> words, Runnable built) {
        List<String> command = new ArrayList<>(WITHOUT_SESSION.contains(what) ? spark.plain() : submit());
        command.addAll(List.of(
                what,
                "--manifest",
                manifest.toString(),
                "--target",
                target.toString(),
                "--tables",
                tables.stream().map(TableName::toString).collect(Collectors.joining(","))));
        command.addAll(words);
        if (debug) {
            command.add("--debug");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(workspace.state().toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(spark.environment());
        return run(builder, built);
    }

    private List<String> submit() {
        return List.of(
                spark.submit().toString(),
                "--name",
                "igarape",
                "--class",
                "dev.igarape.jobs.Main",
                spark.jar().toString());
    }

    private static Result run(ProcessBuilder builder, Runnable built) {
        try (ChildProcess child = ChildProcess.start(builder);
                BufferedReader out = child.process().inputReader(StandardCharsets.UTF_8)) {
            Optional<String> last = Optional.empty();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                last = Optional.of(line);
                if (line.startsWith("{\"table\"")) {
                    built.run();
                }
            }
            return new Result(child.waitFor(), last.filter(line -> line.startsWith("{")));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run the jobs' jar", e);
        }
    }
}
