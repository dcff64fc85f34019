package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that looks after tables, all of them where none is named. */
abstract class MaintenanceCommand implements Callable<Integer> {
    private final String nothing;

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

    /** @param nothing what to say where nothing was to be done */
    MaintenanceCommand(String nothing) {
        this.nothing = nothing;
    }

    /** Options of the jar's command, which has the same name, besides those that all have. */
    List<String> options() {
        return List.of();
    }

    @Override
    public Integer call() {
        List<String> options = new ArrayList<>(options());
        if (dryRun) {
            options.add("--dry-run");
        }
        return job.run(
                context,
                spec.name(),
                names,
                options,
                nothing,
                spec.commandLine().getOut());
    }
}
