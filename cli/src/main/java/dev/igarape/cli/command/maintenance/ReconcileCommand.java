package dev.igarape.cli.command.maintenance;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.model.DateRange;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.Reconciled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "reconcile",
        description = "Compare a current or history table with the database table that it follows; changes nothing.")
public final class ReconcileCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private JobOptions job;

    @Parameters(paramLabel = "TABLE", description = "The table of the lake.")
    private String table;

    @Option(
            names = JobOption.URL,
            paramLabel = "URL",
            required = true,
            description =
                    "The database, jdbc:postgresql://… or jdbc:mariadb://…, or a variable of the target, '$${SHOP_DB}'.")
    private String url;

    @Option(names = JobOption.USER, paramLabel = "USER", description = "Its user; may be a variable.")
    private Optional<String> user = Optional.empty();

    @Option(
            names = JobOption.PASSWORD,
            paramLabel = "VARIABLE",
            description = "The variable of the target with the user's password, '$${SHOP_PASSWORD}'.")
    private Optional<String> password = Optional.empty();

    @Option(
            names = JobOption.SOURCE,
            paramLabel = "NAME",
            required = true,
            description = "The table there, as in public.orders.")
    private String source;

    @Option(
            names = JobOption.BY,
            paramLabel = "COLUMN",
            description = "The column that says of which date a row is; with --date.")
    private Optional<String> by = Optional.empty();

    @Option(names = JobOption.DATE, paramLabel = "D", description = "Rows of this date alone; with --by.")
    private Optional<String> date = Optional.empty();

    @Option(names = JobOption.FROM_KEY, paramLabel = "K", description = "Rows whose first key is not less.")
    private Optional<String> fromKey = Optional.empty();

    @Option(names = JobOption.TO_KEY, paramLabel = "K", description = "Rows whose first key is less.")
    private Optional<String> toKey = Optional.empty();

    @Option(
            names = JobOption.LIMIT,
            paramLabel = "N",
            defaultValue = "20",
            description = "How many keys to name of each kind of difference; ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    public Integer call() {
        if (by.isPresent() != date.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--by and --date go together: name both, or none.");
        }
        if (password.filter(text -> !text.matches("\\$\\{\\w+}")).isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--password takes no password, which others would see, but the name of a variable of the target:"
                            + " '${SHOP_PASSWORD}'.");
        }
        date.ifPresent(day -> DateRange.parseDate("--date", day));
        List<String> options = new ArrayList<>(
                List.of(JobOption.URL, url, JobOption.SOURCE, source, JobOption.LIMIT, Integer.toString(limit)));
        add(options, JobOption.USER, user);
        add(options, JobOption.PASSWORD, password);
        add(options, JobOption.BY, by);
        add(options, JobOption.DATE, date);
        add(options, JobOption.FROM_KEY, fromKey);
        add(options, JobOption.TO_KEY, toKey);
        return job.run(
                context,
                JobCommand.RECONCILE,
                Reconciled.class,
                List.of(table),
                options,
                "Nothing was compared.",
                spec.commandLine().getOut());
    }

    private static void add(List<String> options, String name, Optional<String> value) {
        value.ifPresent(given -> {
            options.add(name);
            options.add(given);
        });
    }
}
