package dev.igarape.jobs.view;

import dev.igarape.jobs.kind.GivenFormat;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.TableKind;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.model.Definition;
import dev.igarape.model.Table;
import dev.igarape.model.ViewDefinition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Trino views. */
public final class ViewKind implements TableKind {
    @Override
    public boolean handles(Definition definition) {
        return definition instanceof ViewDefinition;
    }

    @Override
    public List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        return List.of(new ViewDeploy(context.lake()).run(table));
    }

    @Override
    public List<TableRun> replay(RunContext context, Table table) throws IOException, InterruptedException {
        throw TableKind.nothingToReplay(table, "is a view.");
    }

    @Override
    public GivenFormat givenFormat(Lake lake, Table table, Path project, String test) throws IOException {
        return GivenFormat.AS_GIVEN;
    }
}
