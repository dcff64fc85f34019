package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.FaultPoint;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.quarantine.Quarantine;
import dev.igarape.jobs.replay.Replay;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.QuarantineCount;
import dev.igarape.model.job.TableResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A command about quarantined rows; prints a {@link JobResult}.
 *
 * @param <T> type of its lines
 */
abstract class QuarantineCommand<T> implements Callable<Integer> {
    @Mixin
    private LakeOptions options;

    @Option(names = JobOption.RUN_ID, description = "names this run in commits and logs")
    private Optional<String> runId;

    /** The lines of one table. */
    abstract List<T> run(Lake lake, Table table) throws IOException, InterruptedException;

    @Override
    public Integer call() throws Exception {
        List<TableName> names = options.tables();
        String id = runId.orElseGet(() -> UUID.randomUUID().toString());
        MDC.put("run_id", id);
        Lake lake = options.open(id, FaultPoint.in(System.getenv()));
        names.forEach(lake::table);
        List<T> lines = new ArrayList<>();
        for (Table table : lake.inBuildOrder(names)) {
            lines.addAll(run(lake, table));
        }
        System.out.println(Json.mapper().writeValueAsString(new JobResult<>(id, lines)));
        return ExitCode.DONE.status();
    }

    /** {@code quarantine-list}. */
    @Command(name = JobCommand.Name.QUARANTINE_LIST, description = "Counts quarantined rows by table, date and rule.")
    static final class OfList extends QuarantineCommand<QuarantineCount> {
        @Override
        List<QuarantineCount> run(Lake lake, Table table) throws IOException {
            return new Quarantine(lake).counts(table);
        }
    }

    /** {@code quarantine-show}. */
    @Command(
            name = JobCommand.Name.QUARANTINE_SHOW,
            description = "Shows quarantined rows, decoded as far as that can be done.")
    static final class OfShow extends QuarantineCommand<Map<String, Object>> {
        @Option(names = JobOption.DATE, description = "only of this date")
        private Optional<String> date;

        @Option(names = JobOption.RULE, description = "only of this rule")
        private Optional<String> rule;

        @Option(names = JobOption.LIMIT, defaultValue = "20", description = "at most so many")
        private int limit;

        @Override
        List<Map<String, Object>> run(Lake lake, Table table) throws IOException {
            Quarantine.Filter filter = new Quarantine.Filter(
                    date.map(day -> DateRange.parse(Optional.of(day), Optional.empty(), Optional.empty())
                            .from()),
                    rule,
                    limit);
            return new Quarantine(lake).rows(table, filter);
        }
    }

    /** {@code quarantine-replay}. */
    @Command(name = JobCommand.Name.QUARANTINE_REPLAY, description = "Gives quarantined rows another try.")
    static final class OfReplay extends QuarantineCommand<TableResult> {
        @Override
        List<TableResult> run(Lake lake, Table table) throws IOException, InterruptedException {
            try (Publisher publisher = lake.publisher()) {
                return new Replay(lake, publisher, () -> SparkSessions.start(lake.runId()))
                        .run(table).stream().map(TableRun::result).toList();
            }
        }
    }
}
