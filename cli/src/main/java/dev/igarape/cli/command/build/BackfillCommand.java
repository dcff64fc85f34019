package dev.igarape.cli.command.build;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.model.DateRange;
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

@Command(name = "backfill", description = "Build all tables of a pipeline for a range, in one Spark application.")
public final class BackfillCommand implements Callable<Integer> {
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

    @Parameters(paramLabel = "PIPELINE", description = "The pipeline to build.")
    private String pipeline;

    @Option(names = "--from", paramLabel = "A", required = true, description = "The first date.")
    private String from;

    @Option(names = "--to", paramLabel = "B", required = true, description = "The date after the last one.")
    private String to;

    @Override
    public Integer call() {
        DateRange range = DateRange.parse(Optional.empty(), Optional.of(from), Optional.of(to));
        return options.build(
                context,
                project.of(context),
                target,
                List.of(pipeline),
                range,
                spec.commandLine().getOut());
    }
}
