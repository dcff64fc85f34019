package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.project.Deployment;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.stack.LocalStack;
import dev.igarape.cli.stack.config.Profile;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "up", description = "Start the local stack, or what of it is not running.")
public final class UpCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "SERVER",
            description = "Start just these servers, and those that they need.")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description =
                    "local: one server of each kind, as without it; cluster: several nodes of HDFS, Kafka, Spark and Trino, each a process. Kept for the next time.")
    private Optional<String> profile = Optional.empty();

    @Option(
            names = "--nodes",
            split = ",",
            paramLabel = "NODE=N",
            description = {
                "How many nodes a cluster has, where not datanode=3,kafka=3,spark-worker=2,trino-worker=1.",
                "namenode=2 adds a NameNode that stands by; nodemanager=1 adds YARN."
            })
    private Map<String, Integer> nodes = new LinkedHashMap<>();

    @Option(
            names = "--move",
            description =
                    "Let a stack of another profile, which is stopped, go on with this one; there is no way back.")
    private boolean move;

    @Override
    public void run() {
        profile.map(Profile::named)
                .map(chosen -> chosen.with(nodes))
                .ifPresent(chosen -> context.stack().change(chosen, move));
        LocalStack stack = context.stack();
        if (only.isEmpty() || only.contains("airflow")) {
            deployFirst();
        }
        stack.up(only);
        PrintWriter out = spec.commandLine().getOut();
        StatusCommand.print(stack.status(), out);
    }

    /**
     * Deploys the current project to an Airflow that schedules nothing, or what another release deployed; later changes
     * are up to {@code compile}.
     */
    private void deployFirst() {
        Deployment deployment = new Deployment(context.workspace());
        if (!deployment.isReadable()) {
            Project project = new ProjectOption().of(context);
            deployment.deploy(project.compiled().manifest());
            context.progress().step("Airflow schedules the pipelines of " + project.folder());
        }
    }
}
