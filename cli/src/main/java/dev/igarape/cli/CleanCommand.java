package dev.igarape.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "clean", description = "Delete the folders of old versions and of runs that died.")
final class CleanCommand implements Callable<Integer> {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Parameters(paramLabel = "TABLE|PIPELINE", arity = "0..*", description = "Which; without it, all tables.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--dry-run", description = "Say what would be done; change nothing.")
    private boolean dryRun;

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            defaultValue = "7 days",
            description = "How long folders stay after readers have lost sight of them, as in '48 hours'"
                    + " (${DEFAULT-VALUE}). Must be longer than any query and any run.")
    private String olderThan;

    @Override
    public Integer call() {
        List<String> options = new ArrayList<>(List.of("--older-than", olderThan));
        if (dryRun) {
            options.add("--dry-run");
        }
        return job.run(
                lake,
                "clean",
                names,
                options,
                "Nothing is old enough to be deleted.",
                spec.commandLine().getOut());
    }
}
