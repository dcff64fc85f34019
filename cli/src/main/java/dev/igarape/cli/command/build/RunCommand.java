package dev.igarape.cli.command.build;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
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

    @Mixin
    private DatesOption dates;

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
            return options.buildDue(
                    context,
                    project.of(context),
                    target,
                    selectors,
                    dates.rangeIfGiven(),
                    spec.commandLine().getOut());
        }
        return options.build(
                context,
                project.of(context),
                target,
                selectors,
                dates.range(),
                spec.commandLine().getOut());
    }
}
