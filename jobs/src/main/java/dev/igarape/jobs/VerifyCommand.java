package dev.igarape.jobs;

import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Difference;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code verify}: compares a date of tables with intervals, computed as a whole, with its intervals by themselves. Prints a
 * {@link JobResult} of {@link Difference}s, and exits with {@link ExitCode#EXPECTATION} if there is one.
 */
@Command(
        name = JobCommand.Name.VERIFY,
        description = "Says whether a date has the same rows computed as a whole and by its intervals.")
final class VerifyCommand implements Callable<Integer> {
    private static final String RUN = "verify";

    @Mixin
    private LakeOptions options;

    @Option(names = JobOption.DATE, required = true, description = "the date, yyyy-MM-dd")
    private String date;

    @Override
    public Integer call() throws IOException {
        LocalDate day = DateRange.parse(Optional.of(date), Optional.empty(), Optional.empty())
                .from();
        Lake lake = options.open(RUN, Step.Listener.NONE);
        List<Table> tables =
                options.tables().stream().map(name -> table(lake, name)).toList();
        SparkSession session = SparkSessions.start(RUN);
        RunContext context = new RunContext(lake, Publishing.NONE, () -> session);
        List<Difference> differences = new ArrayList<>();
        for (Table table : tables) {
            BuiltInKinds.ALL
                    .of(table)
                    .verify(context, table, day)
                    .forEach(what -> differences.add(new Difference(table.name(), day, what)));
        }
        System.out.println(Json.mapper().writeValueAsString(new JobResult<>(RUN, differences)));
        return (differences.isEmpty() ? ExitCode.DONE : ExitCode.EXPECTATION).status();
    }

    private static Table table(Lake lake, TableName name) {
        Table table = lake.table(name);
        if (table.interval().isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot verify " + name
                            + ": it has no intervals, so its dates are computed as a whole anyway. Name a"
                            + " table with `interval`.");
        }
        return table;
    }
}
