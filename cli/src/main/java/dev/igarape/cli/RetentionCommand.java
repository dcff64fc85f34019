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

@Command(name = "retention", description = "Give up what was kept for as long as its table's retention says.")
final class RetentionCommand implements Callable<Integer> {
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

    @Override
    public Integer call() {
        List<String> options = dryRun ? List.of("--dry-run") : List.of();
        return job.run(
                lake,
                "retention",
                names,
                options,
                "Nothing has been kept for longer than its table declares.",
                spec.commandLine().getOut());
    }
}
