package dev.igarape.jobs.kind;

import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;

/** The kinds that a program can build. */
public record TableKinds(List<TableKind> kinds) {
    public TableKinds {
        kinds = List.copyOf(kinds);
    }

    /**
     * The kind of a table.
     *
     * @throws LakeException (BUG) if there is none
     */
    public TableKind of(Table table) {
        return kinds.stream()
                .filter(kind -> kind.handles(table.definition()))
                .findFirst()
                .orElseThrow(() -> new LakeException(
                        ExitCode.BUG,
                        "Cannot build " + table.name() + ": this program knows no tables of kind "
                                + table.definition().kindName() + ". Add it to the list of kinds."));
    }
}
