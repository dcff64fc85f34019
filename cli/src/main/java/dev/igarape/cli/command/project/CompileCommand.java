package dev.igarape.cli.command.project;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.project.Deployment;
import dev.igarape.cli.project.Project;
import dev.igarape.model.Manifest;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "compile",
        description = "Check a project's definitions and write manifest.json: Airflow schedules what this wrote last.")
public final class CompileCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Option(names = "--dry-run", description = "Check only; Airflow goes on with what it has.")
    private boolean dryRun;

    @Override
    public void run() {
        Project.Compiled compiled = project.of(context).compile();
        compiled.warnings().forEach(warning -> context.warn(warning.toString()));
        Manifest manifest = compiled.manifest();
        List<String> removed = dryRun ? List.of() : new Deployment(context.workspace()).deploy(manifest);
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%d pipelines, %d tables: %s%n",
                manifest.pipelines().size(),
                manifest.pipelines().stream()
                        .mapToInt(pipeline -> pipeline.tables().size())
                        .sum(),
                dryRun ? compiled.file() : context.workspace().manifest());
        if (!removed.isEmpty()) {
            out.printf("No longer scheduled by Airflow: %s%n", String.join(", ", removed));
        }
        out.flush();
    }
}
