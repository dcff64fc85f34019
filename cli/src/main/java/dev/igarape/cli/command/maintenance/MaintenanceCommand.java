package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.MaintenanceAction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that maintains tables, all of them where none is named, by the jar's command of the same name. */
abstract class MaintenanceCommand implements Callable<Integer> {
    private final JobCommand command;
    private final String emptyMessage;

    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Parameters(paramLabel = "TABLE|PIPELINE", arity = "0..*", description = "Which; without it, all tables.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--dry-run", description = "Say what would be done; change nothing.")
    private boolean dryRun;

    /** @param emptyMessage printed where nothing was to be done */
    MaintenanceCommand(JobCommand command, String emptyMessage) {
        this.command = command;
        this.emptyMessage = emptyMessage;
    }

    /** Arguments for the jar's command besides those that all get. */
    List<String> options() {
        return List.of();
    }

    @Override
    public Integer call() {
        List<String> options = new ArrayList<>(options());
        if (dryRun) {
            options.add(JobOption.DRY_RUN);
        }
        return job.run(
                context,
                command,
                MaintenanceAction.class,
                names,
                options,
                emptyMessage,
                spec.commandLine().getOut());
    }
}
