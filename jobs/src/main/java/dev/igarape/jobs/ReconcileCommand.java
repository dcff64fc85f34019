package dev.igarape.jobs;

import dev.igarape.jobs.keyed.Reconciliation;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Source;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.Reconciled;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code reconcile}: compares tables with keys with the table of a database. Prints a {@link JobResult} of {@link Reconciled},
 * and exits with {@link ExitCode#EXPECTATION} if rows differ.
 */
@Command(
        name = JobCommand.Name.RECONCILE,
        description = "Says whether a table has the rows that the table of a database has.")
final class ReconcileCommand implements Callable<Integer> {
    private static final String RUN = "reconcile";

    @Mixin
    private LakeOptions options;

    @Option(
            names = JobOption.URL,
            required = true,
            description = "the database, jdbc:postgresql://… or jdbc:mariadb://…")
    private String url;

    @Option(names = JobOption.USER, defaultValue = "", description = "its user")
    private String user;

    @Option(names = JobOption.PASSWORD, defaultValue = "", description = "the user's password")
    private String password;

    @Option(names = JobOption.SOURCE, required = true, description = "the table there")
    private String source;

    @Option(names = JobOption.BY, description = "the column that says of which date a row is")
    private Optional<String> by;

    @Option(names = JobOption.DATE, description = "the date, yyyy-MM-dd")
    private Optional<String> date;

    @Option(names = JobOption.FROM_KEY, description = "the first key")
    private Optional<String> fromKey;

    @Option(names = JobOption.TO_KEY, description = "the key that is not compared any more")
    private Optional<String> toKey;

    @Option(names = JobOption.LIMIT, defaultValue = "20", description = "how many keys to name")
    private int limit;

    @Override
    public Integer call() throws IOException {
        if (limit < 1) {
            throw new LakeException(ExitCode.USAGE, "--limit " + limit + " names no keys. Give 1 or more.");
        }
        Lake lake = options.open(RUN, Step.Listener.NONE);
        Optional<LocalDate> day =
                date.map(text -> DateRange.parse(Optional.of(text), Optional.empty(), Optional.empty())
                        .from());
        Source.Jdbc database = new Source.Jdbc(url, user, password, source, by, Map.of());
        Reconciliation.Range range = new Reconciliation.Range(day, fromKey, toKey);
        List<Reconciled> found = new ArrayList<>();
        for (TableName name : options.tables()) {
            found.addAll(new Reconciliation(lake, SparkSessions.start(RUN), name).compare(database, range, limit));
        }
        System.out.println(Json.mapper().writeValueAsString(new JobResult<>(RUN, found)));
        // Rows that are twice in the database match the same row of the lake, and show in the counts alone.
        boolean differs = found.stream()
                        .anyMatch(line ->
                                !line.what().equals("database") && !line.what().equals("lake"))
                || options.tables().stream()
                        .anyMatch(name -> found.stream()
                                        .filter(line -> line.table().equals(name))
                                        .map(line -> line.rows() + " " + line.checksum())
                                        .distinct()
                                        .count()
                                > 1);
        return (differs ? ExitCode.EXPECTATION : ExitCode.DONE).status();
    }
}
