package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.model.DateRange;
import dev.igarape.model.job.Difference;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
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
        name = "verify",
        description = "Compare a date computed as a whole with its intervals by themselves; changes nothing.")
public final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Parameters(paramLabel = "TABLE", description = "A table with intervals.")
    private String table;

    @Option(names = "--date", paramLabel = "D", required = true, description = "The date, as in 2024-01-31.")
    private String date;

    @Override
    public Integer call() {
        DateRange.parseDate("--date", date);
        return job.run(
                context,
                JobCommand.VERIFY,
                Difference.class,
                List.of(table),
                List.of(JobOption.DATE, date),
                "Each interval has the same rows by itself as in the whole date.",
                spec.commandLine().getOut());
    }
}
