package dev.igarape.cli;

import dev.igarape.model.Manifest;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "compile", description = "Check a project's definitions and write manifest.json.")
final class CompileCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Override
    public void run() {
        Manifest manifest = project.of(lake).compile();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                "%d pipelines, %d tables: %s%n",
                manifest.pipelines().size(),
                manifest.pipelines().stream()
                        .mapToInt(pipeline -> pipeline.tables().size())
                        .sum(),
                lake.workspace().manifest());
        out.flush();
    }
}
