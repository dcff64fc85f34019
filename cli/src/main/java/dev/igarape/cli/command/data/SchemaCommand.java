package dev.igarape.cli.command.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.jobs.Job;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.schema.Registration;
import dev.igarape.cli.schema.SchemaChange;
import dev.igarape.cli.schema.SchemaDiff;
import dev.igarape.cli.schema.Subject;
import dev.igarape.cli.schema.Subjects;
import dev.igarape.cli.spark.Spark;
import dev.igarape.model.error.ExitCode;
import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.io.PrintWriter;
import java.util.ArrayList;
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

    /** Without a command: what commands there are. */
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
        List<Report> reports = asking(
                target,
                definitions,
                registry -> new Subjects(definitions, definitions.compiled().manifest())
                        .named(names).stream()
                                .map(subject -> compared(subject, registry))
                                .toList());
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
        Checked checked = checked(project.of(context), target, names);
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
        Checked checked = checked(definitions, target, names);
        if (checked.status() != ExitCode.DONE.status()) {
            print(checked.reports(), output);
            return checked.status();
        }
        Map<String, Schema> schemas = new LinkedHashMap<>();
        checked.reports().forEach(report -> schemas.put(report.subject().name(), report.schema()));
        Registration registration = asking(target, definitions, registry -> Registration.of(schemas, registry));
        print(
                checked.reports().stream()
                        .map(report -> report.registered(
                                registration.registered().get(report.subject().name())))
                        .toList(),
                output);
        registration.failure().ifPresent(failure -> {
            throw failure;
        });
        return ExitCode.DONE.status();
    }

    /**
     * What is told of a subject.
     *
     * @param schema that of the subject's file
     * @param version the latest before, with which it was compared; empty where there was none
     * @param verdicts of the engines, by {@code engine}, {@code ok} and {@code reason}; none where they were not asked
     */
    private record Report(
            Subject subject,
            Schema schema,
            Optional<Integer> version,
            List<SchemaChange> changes,
            List<JsonNode> verdicts,
            Optional<RegisteredSchema> registered) {
        /** @param now what it has become; null where it was not registered */
        Report registered(RegisteredSchema now) {
            return new Report(subject, schema, version, changes, verdicts, Optional.ofNullable(now));
        }

        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("subject", subject.name());
            map.put("table", subject.table().toString());
            map.put("file", subject.file().toString());
            version.ifPresent(number -> map.put("compared_with", number));
            map.put("changes", changes);
            if (!verdicts.isEmpty()) {
                map.put("checks", verdicts);
            }
            registered.ifPresent(schema -> {
                map.put("version", schema.version());
                map.put("id", schema.id());
            });
            return map;
        }

        void print(PrintWriter out) {
            out.printf(
                    "%s in %s, compared with %s:%n",
                    subject.name(),
                    subject.table(),
                    version.map(number -> "version " + number).orElse("nothing, as it is new"));
            if (changes.isEmpty()) {
                out.println("  nothing has changed");
            }
            for (SchemaChange change : changes) {
                out.printf("  %-8s %-24s %s%n", change.change(), change.field(), change.told());
            }
            for (JsonNode verdict : verdicts) {
                boolean ok = verdict.path("ok").asBoolean();
                out.printf(
                        "  %-8s %-24s %s%n",
                        ok ? "ok" : "REFUSED",
                        verdict.path("engine").asText(),
                        verdict.path("reason").asText());
            }
            registered.ifPresent(
                    schema -> out.printf("  registered as version %d, id %d%n", schema.version(), schema.id()));
        }
    }

    /** @param status of the jobs that checked */
    private record Checked(int status, List<Report> reports) {}

    private Checked checked(Project definitions, TargetOption target, List<String> names) {
        Project.Compiled compiled = definitions.compiled();
        List<Subject> subjects = new Subjects(definitions, compiled.manifest()).named(names);
        List<Report> reports = asking(
                target,
                definitions,
                registry -> subjects.stream()
                        .map(subject -> compared(subject, registry))
                        .toList());
        Spark spark = Spark.install(context.workspace(), context.installer());
        Job.Result result = new Job(
                        spark, context.workspace(), compiled.file(), target.file(context, definitions), context.debug())
                .check(subjects);
        if (result.summary().isEmpty()) {
            return new Checked(result.status(), List.of());
        }
        Map<String, List<JsonNode>> verdicts = new LinkedHashMap<>();
        for (JsonNode check : Job.parsed(result.summary().get()).path("checks")) {
            List<JsonNode> told = new ArrayList<>();
            check.path("verdicts").forEach(told::add);
            verdicts.put(
                    check.path("subject").asText() + " " + check.path("table").asText(), told);
        }
        return new Checked(
                result.status(),
                reports.stream()
                        .map(report -> new Report(
                                report.subject(),
                                report.schema(),
                                report.version(),
                                report.changes(),
                                verdicts.getOrDefault(
                                        report.subject().name() + " "
                                                + report.subject().table(),
                                        List.of()),
                                Optional.empty()))
                        .toList());
    }

    private static Report compared(Subject subject, SchemaRegistryClient registry) {
        Schema schema = subject.schema();
        try {
            RegisteredSchema latest = registry.latest(subject.name());
            return new Report(
                    subject,
                    schema,
                    Optional.of(latest.version()),
                    SchemaDiff.of(schema, latest.schema()),
                    List.of(),
                    Optional.empty());
        } catch (SchemaNotFoundException e) {
            Schema nothing = Schema.createRecord(schema.getName(), "", schema.getNamespace(), false, List.of());
            return new Report(
                    subject, schema, Optional.empty(), SchemaDiff.of(schema, nothing), List.of(), Optional.empty());
        }
    }

    private <T> T asking(TargetOption target, Project definitions, Function<SchemaRegistryClient, T> question) {
        try (SchemaRegistryClient registry =
                new SchemaRegistryClient(target.of(context, definitions).registry())) {
            return question.apply(registry);
        }
    }

    private void print(List<Report> reports, OutputOption output) {
        output.print(
                spec.commandLine().getOut(),
                reports.stream().map(Report::toMap).toList(),
                out -> reports.forEach(report -> report.print(out)));
    }
}
