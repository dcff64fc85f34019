package dev.igarape.jobs.daily;

import dev.igarape.jobs.kind.GivenFormat;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.TableKind;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.quarantine.QuarantinedDates;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Tables built by Spark SQL over the inputs of each date. */
public final class DailyKind implements TableKind {
    @Override
    public boolean handles(Definition definition) {
        return definition instanceof DailyDefinition;
    }

    @Override
    public List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        return new DailyBuild(context.lake(), context.publisher(), context.spark())
                .run(table, dates, options.overrides());
    }

    @Override
    public List<TableRun> replay(RunContext context, Table table) throws IOException, InterruptedException {
        // The quarantine belongs to the build of its date: build those again whose definition or inputs have changed.
        List<LocalDate> dates =
                QuarantinedDates.of(context.lake().ledger(table.name()).read());
        return dates.isEmpty() ? List.of() : build(context, table, dates, RunOptions.NONE);
    }

    @Override
    public List<String> verify(RunContext context, Table table, LocalDate date) throws IOException {
        return table.interval().isEmpty()
                ? List.of()
                : new Verification(context.lake(), context.spark().get()).run(table, date);
    }

    @Override
    public GivenFormat givenFormat(Lake lake, Table table, Path project, String test) throws IOException {
        return GivenFormat.AS_GIVEN;
    }
}
