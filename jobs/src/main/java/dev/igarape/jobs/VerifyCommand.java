package dev.igarape.jobs;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.Difference;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code verify}: compares a date of tables with intervals, computed as a whole, with its intervals by themselves. Prints a
 * {@link JobResult} of {@link Difference}s, and exits with {@link ExitCode#EXPECTATION} if there is one.
 *
 * <p>Without a date it takes one of each table that has intervals, which it draws anew each day.
 */
@Command(
        name = JobCommand.Name.VERIFY,
        description = "Says whether a date has the same rows computed as a whole and by its intervals.")
final class VerifyCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(VerifyCommand.class);
    private static final String RUN = "verify";

    @Mixin
    private LakeOptions options;

    @Option(names = JobOption.DATE, description = "the date, yyyy-MM-dd; without it, a sample")
    private Optional<String> date;

    @Override
    public Integer call() throws IOException {
        Optional<LocalDate> given =
                date.map(day -> DateRange.parse(Optional.of(day), Optional.empty(), Optional.empty())
                        .from());
        Lake lake = options.open(RUN, Step.Listener.NONE);
        Map<Table, LocalDate> chosen = given.isPresent() ? all(lake, given.get()) : sample(lake);
        List<Difference> differences = new ArrayList<>();
        if (!chosen.isEmpty()) {
            SparkSession session = SparkSessions.start(RUN);
            RunContext context = new RunContext(lake, Publishing.NONE, () -> session, new Resources());
            for (Map.Entry<Table, LocalDate> one : chosen.entrySet()) {
                Table table = one.getKey();
                LOG.info("{} on {}", table.name(), one.getValue());
                BuiltInKinds.ALL
                        .of(table)
                        .verify(context, table, one.getValue())
                        .forEach(what -> differences.add(new Difference(table.name(), one.getValue(), what)));
            }
        }
        System.out.println(Json.mapper().writeValueAsString(new JobResult<>(RUN, differences)));
        return (differences.isEmpty() ? ExitCode.DONE : ExitCode.EXPECTATION).status();
    }

    private Map<Table, LocalDate> all(Lake lake, LocalDate day) {
        Map<Table, LocalDate> dates = new LinkedHashMap<>();
        options.tables().forEach(name -> dates.put(table(lake, name), day));
        return dates;
    }

    /** A date of each table with intervals that has one to look at. */
    private Map<Table, LocalDate> sample(Lake lake) throws IOException {
        Map<Table, LocalDate> dates = new LinkedHashMap<>();
        for (TableName name : options.tables()) {
            Table table = lake.table(name);
            if (table.interval().isPresent()) {
                LocalDate today = LocalDate.ofInstant(lake.clock().instant(), lake.timezone(table));
                sampled(new Planner(lake).plan(Set.of(name)), today).ifPresent(day -> dates.put(table, day));
            }
        }
        return dates;
    }

    /** The date of a plan that is looked at today: one that is over and fresh, the same all day, another day by chance another. */
    static Optional<LocalDate> sampled(List<PlannedDate> plan, LocalDate today) {
        List<LocalDate> dates = plan.stream()
                .filter(planned -> planned.status() == PlannedDate.Status.FRESH)
                .map(PlannedDate::date)
                .filter(day -> day.isBefore(today))
                .toList();
        return dates.isEmpty()
                ? Optional.empty()
                : Optional.of(dates.get(new SplittableRandom(today.toEpochDay()).nextInt(dates.size())));
    }

    private static Table table(Lake lake, TableName name) {
        return withIntervals(lake.table(name));
    }

    /** The table, whose intervals can be compared. */
    static Table withIntervals(Table table) {
        if (table.interval().isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot verify " + table.name() + ": it has no intervals"
                            + (table.has(Trait.KEYED)
                                    ? ", and its rows are of no date. "
                                    : ", so its dates are computed as a whole anyway. ")
                            + "Name a table with `interval`.");
        }
        return table;
    }
}
