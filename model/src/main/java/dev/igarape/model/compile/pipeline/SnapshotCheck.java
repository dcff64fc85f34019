package dev.igarape.model.compile.pipeline;

import dev.igarape.model.Definition;
import dev.igarape.model.Refresh;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;

/** Check on what a daily table says of an input: of one with dates a lookback, of one without when it makes dates stale. */
final class SnapshotCheck {
    private final Diagnostics diagnostics;

    SnapshotCheck(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** @param read the table that the input names */
    void check(ParsedTable table, ParsedInput input, ParsedTable read) {
        if (!read.isKeyed()) {
            input.refresh()
                    .ifPresent(refresh -> diagnostics.add(
                            input.declared(),
                            "'refresh' of " + input.table()
                                    + ", which has dates: new rows of a date always make the date" + " of "
                                    + table.name() + " stale that reads it",
                            "Take it out; it is for inputs without dates, such as current tables."));
            return;
        }
        if (input.looksBack()) {
            diagnostics.add(
                    input.declared(),
                    "'lookback' of " + input.table() + ", which has no dates: " + table.name()
                            + " reads all of its rows, of one version",
                    "Take it out, or say `refresh` instead.");
        }
        boolean hasNoValidity =
                read.definition().filter(Definition::holdsValidity).isEmpty();
        if (input.refresh().filter(Refresh.VALIDITY::equals).isPresent()
                && read.definition().isPresent()
                && hasNoValidity) {
            diagnostics.add(
                    input.declared(),
                    "'refresh: validity' of the " + read.kind().orElseThrow().key() + " table " + input.table()
                            + ", whose rows do not say in which time they hold",
                    "Write `always`, or `never`, which is the default; or read a history.");
        }
    }
}
