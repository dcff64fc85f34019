package dev.igarape.jobs;

import dev.igarape.jobs.lake.Lake;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Commands for quarantined rows; each prints one JSON object with its lines in {@code tables}. */
abstract class QuarantineCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions options;

    @Option(names = "--run-id", description = "names this run in commits and logs")
    private Optional<String> runId;

    /** The lines of one table. */
    abstract List<Map<String, Object>> run(Lake lake, Table table) throws IOException, InterruptedException;

    @Override
    public Integer call() throws Exception {
        List<TableName> names = options.tables();
        String id = runId.orElseGet(() -> UUID.randomUUID().toString());
        MDC.put("run_id", id);
        Lake lake = options.open(id, FaultPoint.in(System.getenv()));
        names.forEach(lake::table);
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Table table : lake.inBuildOrder(names)) {
            lines.addAll(run(lake, table));
        }
        System.out.println(Json.mapper().writeValueAsString(Map.of("run_id", id, "tables", lines)));
        return ExitCode.DONE.status();
    }

    /** {@code quarantine-list}. */
    @Command(name = "quarantine-list", description = "Counts quarantined rows by table, date and rule.")
    static final class OfList extends QuarantineCommand {
        @Override
        List<Map<String, Object>> run(Lake lake, Table table) throws IOException {
            List<Map<String, Object>> lines = new ArrayList<>();
            for (Quarantine.Count count : new Quarantine(lake).counts(table)) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("table", table.name().toString());
                line.put("date", count.date().toString());
                line.put("rule", count.rule());
                line.put("rows", count.rows());
                line.put("commit", count.commit());
                lines.add(line);
            }
            return lines;
        }
    }

    /** {@code quarantine-show}. */
    @Command(name = "quarantine-show", description = "Shows quarantined rows, decoded as far as that can be done.")
    static final class OfShow extends QuarantineCommand {
        @Option(names = "--date", description = "only of this date")
        private Optional<String> date;

        @Option(names = "--rule", description = "only of this rule")
        private Optional<String> rule;

        @Option(names = "--limit", defaultValue = "20", description = "at most so many")
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
    @Command(name = "quarantine-replay", description = "Gives quarantined rows another try.")
    static final class OfReplay extends QuarantineCommand {
        @Override
        List<Map<String, Object>> run(Lake lake, Table table) throws IOException, InterruptedException {
            try (Publisher publisher = lake.publisher()) {
                return new Replay(lake, publisher, () -> SparkSessions.start(lake.runId()))
                        .run(table).stream()
                                .map(run -> new RunLine(run).toMap())
                                .toList();
            }
        }
    }
}
