package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.model.DateRange;
import dev.igarape.model.job.Difference;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
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
        name = "verify",
        description = "Compare a date computed as a whole with its intervals by themselves; changes nothing.")
public final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Parameters(paramLabel = "TABLE|PIPELINE", arity = "0..*", description = "Tables with intervals; without it, all.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--date",
            paramLabel = "D",
            description = "The date, as in 2024-01-31; without it, a date of each table, drawn anew each day.")
    private Optional<String> date = Optional.empty();

    @Override
    public Integer call() {
        date.ifPresent(day -> DateRange.parseDate("--date", day));
        return job.run(
                context,
                JobCommand.VERIFY,
                Difference.class,
                names,
                date.map(day -> List.of(JobOption.DATE, day)).orElse(List.of()),
                "Each interval has the same rows by itself as in the whole date.",
                spec.commandLine().getOut());
    }
}
