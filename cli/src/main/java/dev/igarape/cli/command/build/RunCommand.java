package dev.igarape.cli.command.build;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.model.DateRange;
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

@Command(name = "run", description = "Build tables for a date, or for a range in one Spark application.")
public final class RunCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Mixin
    private BuildOptions options;

    @Parameters(paramLabel = "TABLE|PIPELINE", arity = "0..*", description = "What to build.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--select",
            paramLabel = "NAMES",
            description = "What to build, e.g. 'trusted.orders+': with all that is built from it.")
    private List<String> select = new ArrayList<>();

    @Option(names = "--date", paramLabel = "D", description = "The date to build, as in 2024-01-31.")
    private Optional<String> date = Optional.empty();

    @Option(names = "--from", paramLabel = "A", description = "The first date of a range.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "B", description = "The date after the last one of a range.")
    private Optional<String> to = Optional.empty();

    @Option(
            names = "--due",
            description =
                    "Build the dates that ./lake plan calls stale or missing; with a date or a range: those in it.")
    private boolean due;

    @Override
    public Integer call() {
        List<String> selectors = new ArrayList<>(names);
        selectors.addAll(select);
        if (due) {
            boolean all = date.isEmpty() && from.isEmpty() && to.isEmpty();
            return options.buildDue(
                    context,
                    project.of(context),
                    target,
                    selectors,
                    all ? Optional.empty() : Optional.of(DateRange.parse(date, from, to)),
                    spec.commandLine().getOut());
        }
        DateRange range = DateRange.parse(date, from, to);
        return options.build(
                context,
                project.of(context),
                target,
                selectors,
                range,
                spec.commandLine().getOut());
    }
}
