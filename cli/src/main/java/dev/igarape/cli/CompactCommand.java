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

@Command(
        name = "compact",
        description =
                "Write the rows of small files and batches into fewer; rows stay the same, nothing becomes stale.")
final class CompactCommand implements Callable<Integer> {
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
                "compact",
                names,
                options,
                "Nothing is worth compacting.",
                spec.commandLine().getOut());
    }
}
