package dev.igarape.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.FaultPoint;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.job.BuildFlags;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.JobResult;
import dev.igarape.model.job.TableResult;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.MDC;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code run}: builds tables for a date or a range, in the manifest's order. */
@Command(name = JobCommand.Name.RUN, description = "Builds tables for a date or a half-open range of dates.")
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LakeOptions options;

    @Option(
            names = JobOption.DUE,
            description = "build what ./lake plan calls stale or missing, instead of given dates")
    private boolean due;

    @Option(names = JobOption.DATE, description = "the date to build, yyyy-MM-dd")
    private Optional<String> date;

    @Option(names = JobOption.FROM, description = "the first date to build")
    private Optional<String> from;

    @Option(names = JobOption.TO, description = "the date after the last one to build")
    private Optional<String> to;

    @Option(names = JobOption.REFETCH, description = "fetch HTTP answers again that were landed before")
    private boolean refetch;

    @Option(names = JobOption.ACCEPT_GAP, description = "go on where Kafka has lost records, and record the gap")
    private boolean acceptGap;

    @Option(names = JobOption.ACCEPT_LOSS, description = "build dates again of whose inputs some rows have expired")
    private boolean acceptLoss;

    @Option(names = JobOption.ACCEPT_INCOMPLETE, description = "build dates whose inputs may not have arrived whole")
    private boolean acceptIncomplete;

    @Option(names = JobOption.RUN_ID, description = "names this run in commits and logs")
    private Optional<String> runId;

    @Override
    public Integer call() throws Exception {
        String id = runId.orElseGet(() -> UUID.randomUUID().toString());
        List<TableResult> results = run(id).stream().map(TableRun::result).toList();
        spec.commandLine().getOut().println(Json.mapper().writeValueAsString(new JobResult<>(id, results)));
        return ExitCode.DONE.status();
    }

    private List<TableRun> run(String id) throws IOException, InterruptedException {
        BuildFlags flags = new BuildFlags(refetch, acceptGap, acceptLoss, acceptIncomplete);
        if (due) {
            flags.requireFitForDue();
        }
        BuildOverrides overrides = new BuildOverrides(acceptLoss, acceptIncomplete);
        boolean anyDate = due && date.isEmpty() && from.isEmpty() && to.isEmpty();
        Optional<DateRange> range = anyDate ? Optional.empty() : Optional.of(DateRange.parse(date, from, to));
        List<TableName> names = options.tables();
        MDC.put("run_id", id);
        Caller caller = main.host().caller();
        Lake lake = options.open(caller, id, FaultPoint.in(caller.environment()));
        try (TableRunner runner = new TableRunner(
                lake, BuiltInKinds.ALL, () -> main.host().sessions().apply(id), this::print)) {
            return due
                    ? runner.runDue(names, range, overrides)
                    : runner.run(names, range.orElseThrow(), new RunOptions(refetch, acceptGap, overrides));
        }
    }

    /** Prints the result of a table at once, for programs that show progress; the last line has them all again. */
    private void print(TableRun run) {
        try {
            spec.commandLine().getOut().println(Json.mapper().writeValueAsString(run.result()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
