package dev.igarape.model.compile.pipeline;

import dev.igarape.model.Definition;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks on tables with intervals: what they read has a time. */
public final class IntervalCheck {
    private final Map<TableName, ParsedTable> tables = new LinkedHashMap<>();
    private final Diagnostics diagnostics;

    public IntervalCheck(List<ParsedPipeline> pipelines, Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
        pipelines.forEach(pipeline -> pipeline.tables().forEach(table -> tables.putIfAbsent(table.name(), table)));
    }

    /** Reports tables whose intervals can't be computed by themselves. */
    public void check() {
        for (ParsedTable table : tables.values()) {
            if (table.definition().flatMap(Definition::interval).isPresent()) {
                table.inputs().forEach(input -> input(table, input));
            }
        }
    }

    private void input(ParsedTable table, ParsedInput input) {
        Optional<ParsedTable> read = Optional.ofNullable(tables.get(input.table()));
        Optional<Definition> definition = read.flatMap(ParsedTable::definition);
        // What does not exist, or has no rows, is reported by the graph.
        if (definition.isEmpty()
                || definition.get().traits().contains(Trait.TIMED)
                || !definition.get().traits().contains(Trait.ROWS)) {
            return;
        }
        boolean mayHaveTime = definition.get().traits().contains(Trait.PLANNED);
        diagnostics.add(
                input.location(),
                table.name() + " has intervals, but the rows of its input " + input.table() + " have "
                        + (mayHaveTime ? "no `time`" : "a date and no time"),
                mayHaveTime
                        ? "Name the column of event times of " + input.table() + ", `daily: {sql: …, time: …}`, or"
                                + " compute " + table.name() + " by whole dates."
                        : "Read it through a daily table that has a `time`, or compute " + table.name()
                                + " by whole dates.");
    }
}
