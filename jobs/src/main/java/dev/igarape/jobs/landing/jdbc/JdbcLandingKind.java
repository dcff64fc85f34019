package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.kind.GivenFormat;
import dev.igarape.jobs.kind.RunContext;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.kind.TableKind;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.model.Definition;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** Tables landed from a database. */
public final class JdbcLandingKind implements TableKind {
    @Override
    public boolean handles(Definition definition) {
        return definition instanceof LandingDefinition landing && landing.source() instanceof Source.Jdbc;
    }

    @Override
    public List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException {
        if (source(table).drain()) {
            return List.of(new OutboxLanding(context.lake(), context.publisher(), context.spark(), table, source(table))
                    .run());
        }
        return new JdbcLanding(context.lake(), context.publisher(), context.spark())
                .run(table, source(table), dates, options.refetch());
    }

    @Override
    public List<TableRun> replay(RunContext context, Table table) throws IOException, InterruptedException {
        throw TableKind.nothingToReplay(table, "keeps every answer of its source as received (--refetch asks again).");
    }

    @Override
    public GivenFormat givenFormat(Lake lake, Table table, Path project, String test) throws IOException {
        return GivenFormat.AS_GIVEN;
    }

    private static Source.Jdbc source(Table table) {
        return (Source.Jdbc) ((LandingDefinition) table.definition()).source();
    }
}
