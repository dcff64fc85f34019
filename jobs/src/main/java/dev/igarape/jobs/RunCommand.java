package dev.igarape.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.FaultPoint;
import dev.igarape.jobs.sql.SparkSessions;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
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

/** {@code run}: builds tables for a date or a range of dates, in the manifest's order. */
@Command(name = "run", description = "Builds tables for a date or a half-open range of dates.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private LakeOptions options;

    @Option(names = "--due", description = "build what ./lake plan calls stale or missing, instead of given dates")
    private boolean due;

    @Option(names = "--date", description = "the date to build, yyyy-MM-dd")
    private Optional<String> date;

    @Option(names = "--from", description = "the first date to build")
    private Optional<String> from;

    @Option(names = "--to", description = "the date after the last one to build")
    private Optional<String> to;

    @Option(names = "--refetch", description = "fetch HTTP answers again that were landed before")
    private boolean refetch;

    @Option(names = "--accept-gap", description = "go on where Kafka has lost records, and record the gap")
    private boolean acceptGap;

    @Option(names = "--accept-loss", description = "build dates again of whose inputs some rows have expired")
    private boolean acceptLoss;

    @Option(names = "--accept-incomplete", description = "build dates whose inputs may not have arrived whole")
    private boolean acceptIncomplete;

    @Option(names = "--run-id", description = "names this run in commits and logs")
    private Optional<String> runId;

    @Override
    public Integer call() throws Exception {
        List<TableRun> runs = run();
        System.out.println(summary(runs));
        return ExitCode.DONE.status();
    }

    private String id;

    private List<TableRun> run() throws IOException, InterruptedException {
        if (due && (refetch || acceptGap)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    (refetch ? "--refetch" : "--accept-gap") + " is for landings, and --due builds daily tables alone."
                            + " Run the landing by itself first, then --due.");
        }
        BuildOverrides accepted = new BuildOverrides(acceptLoss, acceptIncomplete);
        boolean anyDate = due && date.isEmpty() && from.isEmpty() && to.isEmpty();
        Optional<DateRange> range = anyDate ? Optional.empty() : Optional.of(DateRange.parse(date, from, to));
        List<TableName> names = options.tables();
        id = runId.orElseGet(() -> UUID.randomUUID().toString());
        MDC.put("run_id", id);
        Lake lake = options.open(id, FaultPoint.in(System.getenv()));
        try (TableRunner runner =
                new TableRunner(lake, BuiltInKinds.ALL, () -> SparkSessions.start(id), RunCommand::tell)) {
            return due
                    ? runner.runDue(names, range, accepted)
                    : runner.run(names, range.orElseThrow(), new RunOptions(refetch, acceptGap, accepted));
        }
    }

    /** Prints a table's result as soon as it is done; the summary at the end contains all results. */
    private static void tell(TableRun run) {
        try {
            System.out.println(Json.mapper().writeValueAsString(new RunLine(run).toMap()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private String summary(List<TableRun> runs) throws JsonProcessingException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (TableRun run : runs) {
            rows.add(new RunLine(run).toMap());
        }
        return Json.mapper().writeValueAsString(Map.of("run_id", id, "tables", rows));
    }
}
