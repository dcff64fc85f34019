package dev.igarape.cli.command.data;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.schema.Registration;
import dev.igarape.cli.schema.Subject;
import dev.igarape.cli.schema.Subjects;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.CheckResult;
import dev.igarape.model.job.SchemaCheckResult;
import dev.igarape.model.job.SchemaCheckResult.SubjectCheck;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "schema",
        description = "Compare, check and register the Avro schemas of topics.",
        synopsisSubcommandLabel = "COMMAND")
public final class SchemaCommand implements Runnable {
    private static final String NAMES = "SUBJECT|PIPELINE";
    private static final String WHICH = "Subjects, <topic>-value, or pipelines: all of theirs.";

    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    /** Prints the list of commands, where none is given. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "diff", description = "Show what <topic>.avsc has otherwise than the registry's latest version.")
    void diff(
            @Mixin ProjectOption project,
            @Mixin TargetOption target,
            @Mixin OutputOption output,
            @Parameters(paramLabel = NAMES, arity = "1..*", description = WHICH) List<String> names) {
        Project definitions = project.of(context);
        List<SchemaReport> reports = withRegistry(
                target,
                definitions,
                registry ->
                        compare(new Subjects(definitions, definitions.compiled().manifest()).named(names), registry));
        print(reports, output);
    }

    @Command(
            name = "check",
            description = "Ask registry, Spark, Hive and Trino whether <topic>.avsc could be registered and everything"
                    + " still be read; changes nothing.")
    int check(
            @Mixin ProjectOption project,
            @Mixin TargetOption target,
            @Mixin OutputOption output,
            @Parameters(paramLabel = NAMES, arity = "1..*", description = WHICH) List<String> names) {
        CheckedSchemas checked = check(project.of(context), target, names);
        print(checked.reports(), output);
        return checked.status();
    }

    @Command(name = "register", description = "Check <topic>.avsc; where nobody refuses, register it.")
    int register(
            @Mixin ProjectOption project,
            @Mixin TargetOption target,
            @Mixin OutputOption output,
            @Parameters(paramLabel = NAMES, arity = "1..*", description = WHICH) List<String> names) {
        Project definitions = project.of(context);
        CheckedSchemas checked = check(definitions, target, names);
        if (checked.status() != ExitCode.DONE.status()) {
            print(checked.reports(), output);
            return checked.status();
        }
        Map<String, Schema> schemas = new LinkedHashMap<>();
        checked.reports().forEach(report -> schemas.put(report.subject().name(), report.schema()));
        Registration registration = withRegistry(target, definitions, registry -> Registration.of(schemas, registry));
        print(
                checked.reports().stream()
                        .map(report -> report.withRegistered(Optional.ofNullable(
                                registration.registered().get(report.subject().name()))))
                        .toList(),
                output);
        registration.failure().ifPresent(failure -> {
            throw failure;
        });
        return ExitCode.DONE.status();
    }

    /** @param status exit status of the job that checked */
    private record CheckedSchemas(int status, List<SchemaReport> reports) {}

    private CheckedSchemas check(Project definitions, TargetOption target, List<String> names) {
        Project.Compiled compiled = definitions.compiled();
        List<Subject> subjects = new Subjects(definitions, compiled.manifest()).named(names);
        List<SchemaReport> reports = withRegistry(target, definitions, registry -> compare(subjects, registry));
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result end = new Job(
                        spark, context.workspace(), compiled.file(), target.file(context, definitions), context.debug())
                .checkSchemas(subjects);
        return end.as(SchemaCheckResult.class)
                .map(result -> new CheckedSchemas(
                        end.status(),
                        reports.stream()
                                .map(report -> report.withResults(results(result, report.subject())))
                                .toList()))
                .orElseGet(() -> new CheckedSchemas(end.status(), List.of()));
    }

    private static List<CheckResult> results(SchemaCheckResult result, Subject subject) {
        return result.checks().stream()
                .filter(check ->
                        check.subject().equals(subject.name()) && check.table().equals(subject.table()))
                .findFirst()
                .map(SubjectCheck::results)
                .orElse(List.of());
    }

    private static List<SchemaReport> compare(List<Subject> subjects, SchemaRegistryClient registry) {
        return subjects.stream()
                .map(subject -> SchemaReport.compare(subject, registry))
                .toList();
    }

    private <T> T withRegistry(TargetOption target, Project definitions, Function<SchemaRegistryClient, T> use) {
        try (SchemaRegistryClient registry =
                new SchemaRegistryClient(target.of(context, definitions).registry())) {
            return use.apply(registry);
        }
    }

    private void print(List<SchemaReport> reports, OutputOption output) {
        output.print(
                spec.commandLine().getOut(),
                reports.stream().map(SchemaReport::toMap).toList(),
                out -> reports.forEach(report -> report.print(out)));
    }
}
