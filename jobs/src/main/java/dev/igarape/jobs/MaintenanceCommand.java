package dev.igarape.jobs;

import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.FaultPoint;
import dev.igarape.jobs.maintenance.Clean;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.maintenance.Expiry;
import dev.igarape.jobs.maintenance.Repair;
import dev.igarape.jobs.maintenance.Rollback;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Retention;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.MaintenanceAction;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * A maintenance command: repairs, rolls back, compacts, expires or cleans tables, one after the other. The last line on
 * standard output is a {@link JobResult} of {@link MaintenanceAction}s.
 */
abstract class MaintenanceCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeOptions options;

    @Option(names = JobOption.DRY_RUN, description = "say what would be done, and do nothing")
    private boolean dryRun;

    @Option(names = JobOption.RUN_ID, description = "names this run in commits and logs")
    private Optional<String> runId;

    /** What the actions of one run share. */
    record MaintenanceContext(Lake lake, Publisher publisher, boolean dryRun, Supplier<SparkSession> spark) {}

    /** Maintains one table. */
    abstract List<MaintenanceAction> run(MaintenanceContext context, Table table)
            throws IOException, InterruptedException;

    /** A table that fails does not keep the others waiting; the first failure decides the exit code. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        List<TableName> names = options.tables();
        String id = runId.orElseGet(() -> UUID.randomUUID().toString());
        MDC.put("run_id", id);
        Caller caller = main.host().caller();
        Lake lake = options.open(caller, id, FaultPoint.in(caller.environment()));
        names.forEach(lake::table);
        Supplier<SparkSession> spark = () -> main.host().sessions().apply(id);
        List<MaintenanceAction> done = new ArrayList<>();
        int status = ExitCode.DONE.status();
        try (Publisher publisher = lake.publisher()) {
            MaintenanceContext context = new MaintenanceContext(lake, publisher, dryRun, spark);
            for (Table table : lake.inBuildOrder(names)) {
                caller.requireWaiting();
                try (MDC.MDCCloseable name =
                        MDC.putCloseable("table", table.name().toString())) {
                    done.addAll(run(context, table));
                } catch (IOException | RuntimeException e) {
                    // What fails because the run was cancelled is no failure of this table.
                    caller.requireWaiting();
                    int failed = main.report(e);
                    status = status == ExitCode.DONE.status() ? failed : status;
                }
            }
        }
        spec.commandLine()
                .getOut()
                .println(Json.mapper().writeValueAsString(new JobResult<>(id, Optional.of(dryRun), done)));
        return status;
    }

    /** {@code repair}. */
    @Command(
            name = JobCommand.Name.REPAIR,
            description = "Records and publishes what was committed and is not; tells of runs that died.")
    static final class OfRepair extends MaintenanceCommand {
        @Override
        List<MaintenanceAction> run(MaintenanceContext context, Table table) throws IOException, InterruptedException {
            return new Repair(context.lake(), context.publisher()).run(table, context.dryRun());
        }
    }

    /** {@code rollback}. */
    @Command(name = JobCommand.Name.ROLLBACK, description = "Goes back to an older version of a date.")
    static final class OfRollback extends MaintenanceCommand {
        @Option(names = JobOption.DATE, required = true, description = "the date, yyyy-MM-dd")
        private String date;

        @Option(names = JobOption.TO, description = "the commit whose version is wanted; without it, the one before")
        private Optional<Long> to;

        @Override
        List<MaintenanceAction> run(MaintenanceContext context, Table table) throws IOException, InterruptedException {
            LocalDate day = DateRange.parse(Optional.of(date), Optional.empty(), Optional.empty())
                    .from();
            return new Rollback(context.lake(), context.publisher()).run(table, day, to, context.dryRun());
        }
    }

    /** {@code compact}. */
    @Command(name = JobCommand.Name.COMPACT, description = "Writes the rows of small files into fewer.")
    static final class OfCompact extends MaintenanceCommand {
        @Override
        List<MaintenanceAction> run(MaintenanceContext context, Table table) throws IOException, InterruptedException {
            return new Compact(context.lake(), context.publisher(), context.spark()).run(table, context.dryRun());
        }
    }

    /** {@code retention}. */
    @Command(
            name = JobCommand.Name.RETENTION,
            description = "Gives up what was kept for as long as the table declares.")
    static final class OfRetention extends MaintenanceCommand {
        @Override
        List<MaintenanceAction> run(MaintenanceContext context, Table table) throws IOException, InterruptedException {
            return new Expiry(context.lake(), context.publisher()).run(table, context.dryRun());
        }
    }

    /** {@code clean}. */
    @Command(name = JobCommand.Name.CLEAN, description = "Deletes folders of old versions and of dead jobs.")
    static final class OfClean extends MaintenanceCommand {
        @Option(names = JobOption.OLDER_THAN, description = "e.g. '7 days', which is the default, or '48 hours'")
        private Optional<String> olderThan;

        @Override
        List<MaintenanceAction> run(MaintenanceContext context, Table table) throws IOException, InterruptedException {
            return new Clean(context.lake(), context.publisher(), kept(), context.spark()).run(table, context.dryRun());
        }

        private Duration kept() {
            try {
                return olderThan
                        .map(text -> Retention.parse(text).time())
                        .orElse(Optional.of(Clean.KEPT))
                        .orElseThrow(() -> new IllegalArgumentException("'forever' would delete nothing"));
            } catch (IllegalArgumentException e) {
                throw new LakeException(ExitCode.USAGE, "--older-than: " + e.getMessage() + ".", e);
            }
        }
    }
}
