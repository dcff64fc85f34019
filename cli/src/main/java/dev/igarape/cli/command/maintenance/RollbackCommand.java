package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.model.DateRange;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.MaintenanceAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "rollback",
        description = "Go back to an older version of a date; what is built from it becomes stale, nothing is deleted.")
public final class RollbackCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Parameters(paramLabel = "TABLE", description = "A table that is built by date.")
    private String table;

    @Option(names = "--date", paramLabel = "D", required = true, description = "The date, as in 2024-01-31.")
    private String date;

    @Option(
            names = "--to",
            paramLabel = "COMMIT",
            description = "The commit whose version is wanted; without it, the version before the one that is shown.")
    private Optional<Long> to = Optional.empty();

    @Option(names = "--dry-run", description = "Say what would be done; change nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        DateRange.parseDate("--date", date);
        List<String> options = new ArrayList<>(List.of(JobOption.DATE, date));
        to.ifPresent(commit -> options.addAll(List.of(JobOption.TO, commit.toString())));
        if (dryRun) {
            options.add(JobOption.DRY_RUN);
        }
        return job.run(
                context,
                JobCommand.ROLLBACK,
                MaintenanceAction.class,
                List.of(table),
                options,
                "Readers see that version already.",
                spec.commandLine().getOut());
    }
}
