package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.model.DateRange;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.QuarantineCount;
import dev.igarape.model.job.TableResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        name = "quarantine",
        description = "Look at rows that a rule kept out, and give them another try.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            QuarantineCommand.ListCommand.class,
            QuarantineCommand.ShowCommand.class,
            QuarantineCommand.ReplayCommand.class
        })
public final class QuarantineCommand implements Runnable {
    private static final String EMPTY_MESSAGE = "Nothing is in quarantine.";

    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    /** Prints the list of commands, where none is given. */
    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "Count quarantined rows by table, date and rule.")
    static final class ListCommand implements Callable<Integer> {
        @ParentCommand
        private QuarantineCommand quarantine;

        @Spec
        private CommandSpec spec;

        @Mixin
        private JobOptions job;

        @Parameters(paramLabel = "TABLE|PIPELINE", arity = "0..*", description = "Which; without it, all tables.")
        private List<String> names = new ArrayList<>();

        @Override
        public Integer call() {
            return job.run(
                    quarantine.context,
                    JobCommand.QUARANTINE_LIST,
                    QuarantineCount.class,
                    names,
                    List.of(),
                    EMPTY_MESSAGE,
                    spec.commandLine().getOut());
        }
    }

    @Command(
            name = "show",
            description = "Show quarantined rows: where they came from, why they are there, and their content as far as"
                    + " it can be decoded.")
    static final class ShowCommand implements Callable<Integer> {
        @ParentCommand
        private QuarantineCommand quarantine;

        @Spec
        private CommandSpec spec;

        @Mixin
        private JobOptions job;

        @Parameters(paramLabel = "TABLE", description = "The table that they were kept out of.")
        private String table;

        @Option(names = "--date", paramLabel = "D", description = "Only of this date of the quarantine table.")
        private Optional<String> date = Optional.empty();

        @Option(names = "--rule", paramLabel = "RULE", description = "Only those that this rule kept out.")
        private Optional<String> rule = Optional.empty();

        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "At most so many (${DEFAULT-VALUE}).")
        private int limit;

        @Override
        public Integer call() {
            date.ifPresent(day -> DateRange.parseDate("--date", day));
            List<String> options = new ArrayList<>(List.of(JobOption.LIMIT, Integer.toString(limit)));
            date.ifPresent(day -> options.addAll(List.of(JobOption.DATE, day)));
            rule.ifPresent(name -> options.addAll(List.of(JobOption.RULE, name)));
            return job.run(
                    quarantine.context,
                    JobCommand.QUARANTINE_SHOW,
                    Map.class,
                    List.of(table),
                    options,
                    EMPTY_MESSAGE,
                    spec.commandLine().getOut());
        }
    }

    @Command(
            name = "replay",
            description = "Give quarantined rows another try after a schema, a definition or the program was mended;"
                    + " twice changes nothing.")
    static final class ReplayCommand implements Callable<Integer> {
        @ParentCommand
        private QuarantineCommand quarantine;

        @Spec
        private CommandSpec spec;

        @Mixin
        private JobOptions job;

        @Parameters(paramLabel = "TABLE", description = "The table that they were kept out of.")
        private String table;

        @Override
        public Integer call() {
            return job.run(
                    quarantine.context,
                    JobCommand.QUARANTINE_REPLAY,
                    TableResult.class,
                    List.of(table),
                    List.of(),
                    EMPTY_MESSAGE,
                    spec.commandLine().getOut());
        }
    }
}
