package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.FaultPoint;
import dev.igarape.jobs.maintenance.Clean;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.maintenance.Expiry;
import dev.igarape.jobs.maintenance.MaintenanceAction;
import dev.igarape.jobs.maintenance.Repair;
import dev.igarape.jobs.maintenance.Rollback;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Retention;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/**
 * Maintenance commands, which run for one table after the other. The last line on standard output is a JSON object:
 * {@code {"run_id": "…", "dry_run": false, "tables": [{"table": "raw.orders", "what": "…", …}]}}.
 */
abstract class UpkeepCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Mixin
    private LakeOptions options;

    @Option(names = "--dry-run", description = "say what would be done, and do nothing")
    private boolean dryRun;

    @Option(names = "--run-id", description = "names this run in commits and logs")
    private Optional<String> runId;

    /** Context of a maintenance command. */
    record Place(Lake lake, Publisher publisher, boolean dryRun) {
        SparkSession spark() {
            return SparkSessions.start(lake.runId());
        }
    }

    /** Runs the command for one table. */
    abstract List<MaintenanceAction> run(Place place, Table table) throws IOException, InterruptedException;

    /** A failed table does not stop the others; the first failure decides the exit code. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        List<TableName> names = options.tables();
        String id = runId.orElseGet(() -> UUID.randomUUID().toString());
        MDC.put("run_id", id);
        Lake lake = options.open(id, FaultPoint.in(System.getenv()));
        names.forEach(lake::table);
        List<Map<String, Object>> done = new ArrayList<>();
        int status = ExitCode.DONE.status();
        try (Publisher publisher = lake.publisher()) {
            for (Table table : lake.inBuildOrder(names)) {
                try (MDC.MDCCloseable name =
                        MDC.putCloseable("table", table.name().toString())) {
                    run(new Place(lake, publisher, dryRun), table).forEach(chore -> done.add(chore.toMap()));
                } catch (IOException | RuntimeException e) {
                    int failed = main.report(e);
                    status = status == ExitCode.DONE.status() ? failed : status;
                }
            }
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("run_id", id);
        summary.put("dry_run", dryRun);
        summary.put("tables", done);
        System.out.println(Json.mapper().writeValueAsString(summary));
        return status;
    }

    /** {@code repair}. */
    @Command(name = "repair", description = "Publishes what was committed but not published; tells of runs that died.")
    static final class OfRepair extends UpkeepCommand {
        @Override
        List<MaintenanceAction> run(Place place, Table table) throws IOException, InterruptedException {
            return new Repair(place.lake(), place.publisher()).run(table, place.dryRun());
        }
    }

    /** {@code rollback}. */
    @Command(name = "rollback", description = "Goes back to an older version of a date.")
    static final class OfRollback extends UpkeepCommand {
        @Option(names = "--date", required = true, description = "the date, yyyy-MM-dd")
        private String date;

        @Option(names = "--to", description = "the commit whose version is wanted; without it, the one before")
        private Optional<Long> to;

        @Override
        List<MaintenanceAction> run(Place place, Table table) throws IOException, InterruptedException {
            LocalDate day = DateRange.parse(Optional.of(date), Optional.empty(), Optional.empty())
                    .from();
            return new Rollback(place.lake(), place.publisher()).run(table, day, to, place.dryRun());
        }
    }

    /** {@code compact}. */
    @Command(name = "compact", description = "Writes the rows of small files into fewer.")
    static final class OfCompact extends UpkeepCommand {
        @Override
        List<MaintenanceAction> run(Place place, Table table) throws IOException, InterruptedException {
            return new Compact(place.lake(), place.publisher(), place::spark).run(table, place.dryRun());
        }
    }

    /** {@code retention}. */
    @Command(name = "retention", description = "Gives up what was kept for as long as the table declares.")
    static final class OfRetention extends UpkeepCommand {
        @Override
        List<MaintenanceAction> run(Place place, Table table) throws IOException, InterruptedException {
            return new Expiry(place.lake(), place.publisher()).run(table, place.dryRun());
        }
    }

    /** {@code clean}. */
    @Command(name = "clean", description = "Deletes folders of old versions and of dead jobs.")
    static final class OfClean extends UpkeepCommand {
        @Option(names = "--older-than", description = "e.g. '7 days', which is the default, or '48 hours'")
        private Optional<String> olderThan;

        @Override
        List<MaintenanceAction> run(Place place, Table table) throws IOException, InterruptedException {
            return new Clean(place.lake(), place.publisher(), kept()).run(table, place.dryRun());
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
