package dev.igarape.jobs.kind;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.model.Definition;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Interface of a kind of table: build, replay, and the format of test input. All the rest (layout, plan, inputs, maintenance, ops tables) follows from the
 * {@link dev.igarape.model.Trait}s and the {@link dev.igarape.model.Storage} of its definition.
 */
public interface TableKind {
    /** Whether tables defined like this are of this kind. */
    boolean handles(Definition definition);

    /**
     * Builds and publishes the table.
     *
     * @param dates those to build; a kind that is not {@link dev.igarape.model.Trait#DATED} ignores them
     * @return an entry for each date, or one without a date
     */
    List<TableRun> build(RunContext context, Table table, List<LocalDate> dates, RunOptions options)
            throws IOException, InterruptedException;

    /**
     * Processes the rows in quarantine again and publishes what became of them.
     *
     * @throws LakeException (USAGE) for a kind that is not {@link dev.igarape.model.Trait#QUARANTINED}
     */
    List<TableRun> replay(RunContext context, Table table) throws IOException, InterruptedException;

    /** A probe of the source of a table, for a kind that takes what its source has got; empty if there is none. */
    default Optional<SourceProbe> probe(Lake lake, Table table) {
        return Optional.empty();
    }

    /**
     * Compares a date computed as a whole with the same date computed part by part; writes nothing.
     *
     * @return differences, sentences without a full stop; none for a kind that does not compute parts of a date
     */
    default List<String> verify(RunContext context, Table table, LocalDate date) throws IOException {
        return List.of();
    }

    /**
     * How rows of a test that stand in for the table are written.
     *
     * @param project the project's folder
     * @param test the test's title, for messages
     * @throws LakeException (DEFINITION) if that can't be known
     */
    GivenFormat givenFormat(Lake lake, Table table, Path project, String test) throws IOException;

    /** The refusal to replay a table that has nothing in quarantine. */
    static LakeException nothingToReplay(Table table, String reason) {
        return new LakeException(
                ExitCode.USAGE,
                "Cannot replay " + table.name() + ": nothing of it is ever in quarantine, for it " + reason
                        + " See ./lake quarantine list for what is.");
    }
}
