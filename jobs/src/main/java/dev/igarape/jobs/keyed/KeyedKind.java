package dev.igarape.jobs.keyed;

import dev.igarape.jobs.kind.GivenFormat;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.TableKind;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.quarantine.QuarantinedDates;
import dev.igarape.model.Definition;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Tables with rows by key: current tables and histories. */
public final class KeyedKind implements TableKind {
    @Override
    public boolean handles(Definition definition) {
        return definition instanceof KeyedDefinition;
    }

    @Override
    public List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        return build(context, table).run(dates, options.overrides());
    }

    private static KeyedBuild build(RunContext context, Table table) {
        return new KeyedBuild(
                context.lake(),
                context.publisher(),
                context.spark(),
                table,
                context.resources().get(KnownFiles.class, KnownFiles::new));
    }

    @Override
    public List<TableRun> replay(RunContext context, Table table) throws IOException, InterruptedException {
        LedgerState state = context.lake().ledger(table.name()).read();
        List<LocalDate> dates = QuarantinedDates.of(state);
        if (dates.stream().anyMatch(date -> LateEvents.recorded(state, date) > 0)) {
            return build(context, table).again(dates);
        }
        // As of a daily table: what was refused is refused again unless the definition or the inputs have changed.
        return dates.isEmpty() ? List.of() : build(context, table, dates, RunOptions.NONE);
    }

    @Override
    public GivenFormat givenFormat(Lake lake, Table table, Path project, String test) throws IOException {
        throw new LakeException(
                ExitCode.DEFINITION,
                test + " gives rows of " + table.name()
                        + ", which has rows by key and no dates. Give rows of the tables behind it.");
    }
}
