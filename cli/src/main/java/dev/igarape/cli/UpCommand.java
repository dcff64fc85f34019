package dev.igarape.cli;

import dev.igarape.cli.jobs.Deployment;
import dev.igarape.cli.jobs.Project;
import dev.igarape.cli.stack.LocalStack;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "up", description = "Start the local stack, or what of it is not running.")
final class UpCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SERVER",
            description = "Start just these servers, and those that they need.")
    private Set<String> only = new LinkedHashSet<>();

    @Override
    public void run() {
        LocalStack stack = lake.stack();
        if (only.isEmpty() || only.contains("airflow")) {
            deployFirst();
        }
        stack.up(only);
        PrintWriter out = spec.commandLine().getOut();
        StatusCommand.print(stack.status(), out);
    }

    /** Gives an Airflow that has nothing to schedule the project that one is in; later ones change only as asked. */
    private void deployFirst() {
        Deployment deployment = new Deployment(lake.workspace());
        if (!deployment.exists()) {
            Project project = new ProjectOption().of(lake);
            deployment.replace(project.compiled().manifest());
            lake.progress().step("Airflow schedules the pipelines of " + project.folder());
        }
    }
}
