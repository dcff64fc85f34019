package dev.igarape.model.compile.pipeline;

import dev.igarape.model.Definition;
import dev.igarape.model.Layer;
import dev.igarape.model.Source;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The dependency graph of all pipelines' tables. */
public final class TableGraph {
    private final List<ParsedPipeline> pipelines;
    private final Diagnostics diagnostics;
    private final Map<TableName, ParsedTable> tables = new LinkedHashMap<>();
    private final Map<TableName, ParsedPipeline> owners = new HashMap<>();

    public TableGraph(List<ParsedPipeline> pipelines, Diagnostics diagnostics) {
        this.pipelines = pipelines;
        this.diagnostics = diagnostics;
        for (ParsedPipeline pipeline : pipelines) {
            for (ParsedTable table : pipeline.tables()) {
                ParsedTable first = tables.putIfAbsent(table.name(), table);
                owners.putIfAbsent(table.name(), pipeline);
                if (first != null) {
                    diagnostics.add(
                            table.location(),
                            table.name() + " is declared in " + first.location().file() + ":"
                                    + first.location().line() + " too",
                            "A table has one definition: rename or remove one of them.");
                }
            }
        }
    }

    /** Reports inputs that do not exist or do not fit, and cycles. */
    public void check() {
        for (ParsedPipeline pipeline : pipelines) {
            for (ParsedTable table : pipeline.tables()) {
                table.inputs().forEach(input -> input(pipeline, table, input));
                dates(table);
                waiting(table);
                handover(table);
            }
            assets(pipeline);
        }
        Set<TableName> done = new HashSet<>();
        for (TableName table : tables.keySet()) {
            circles(table, new ArrayList<>(), done);
        }
    }

    /** The pipeline's tables so that each comes after what it reads, else as declared. */
    public List<ParsedTable> ordered(ParsedPipeline pipeline) {
        List<ParsedTable> left = new ArrayList<>(pipeline.tables());
        List<ParsedTable> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            Set<TableName> waiting = left.stream().map(ParsedTable::name).collect(Collectors.toSet());
            ParsedTable next = left.stream()
                    .filter(table -> reads(table).stream().noneMatch(waiting::contains))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("circles are refused before"));
            ordered.add(next);
            left.remove(next);
        }
        return ordered;
    }

    private void input(ParsedPipeline pipeline, ParsedTable table, ParsedInput input) {
        TableName name = input.table();
        if (name.layer() == Layer.QUARANTINE || name.layer() == Layer.OPS) {
            diagnostics.add(
                    input.location(),
                    table.name() + " reads " + name + ", which the platform fills by itself",
                    "Read tables of raw, trusted or gold.");
            return;
        }
        ParsedTable read = tables.get(name);
        if (read == null) {
            List<String> names =
                    tables.keySet().stream().map(TableName::toString).toList();
            diagnostics.add(
                    input.location(),
                    table.name() + " reads " + name + ", which no pipeline declares"
                            + Suggestion.didYouMean(name.toString(), names),
                    "Declare it, or read one that exists.");
            return;
        }
        if (table.isPlanned() && read.holdsNoRows()) {
            diagnostics.add(
                    input.location(),
                    table.name() + " reads the " + read.kind().orElseThrow().key() + " " + name
                            + ", which only Trino can read",
                    "Read the tables behind it, or make it a daily table.");
        }
        if (table.isKeyed() && read.isKeyed() && table.inputs().size() == 1) {
            diagnostics.add(
                    input.location(),
                    table.name() + " reads the " + read.kind().orElseThrow().key() + " table " + name
                            + ", which has rows by key and no dates",
                    "Read the tables behind it, join it with an input that has dates, or read it in a daily table or in a"
                            + " view.");
        } else if (table.isPlanned()) {
            new SnapshotCheck(diagnostics).check(table, input, read);
            new CaptureCheck(diagnostics).check(table, input, read);
        }
        ParsedPipeline other = owners.get(name);
        if (other.timezone().isPresent()
                && pipeline.timezone().isPresent()
                && !other.timezone().equals(pipeline.timezone())) {
            diagnostics.add(
                    input.location(),
                    table.name() + " counts its days in " + pipeline.timezone().get() + ", its input " + name + " in "
                            + other.timezone().get(),
                    "Give both pipelines the same timezone.");
        }
    }

    /**
     * Reports a Kafka landing that starts after a table that does not exist, has other topics, or starts after this
     * one.
     */
    private void handover(ParsedTable table) {
        Optional<Source.Kafka> source = kafka(table);
        Optional<TableName> before = source.flatMap(Source.Kafka::startsAfter);
        if (before.isEmpty()) {
            return;
        }
        Set<TableName> passed = new HashSet<>(Set.of(table.name()));
        Optional<TableName> next = before;
        while (next.isPresent() && passed.add(next.get())) {
            next = Optional.ofNullable(tables.get(next.get()))
                    .flatMap(TableGraph::kafka)
                    .flatMap(Source.Kafka::startsAfter);
        }
        if (next.isPresent()) {
            diagnostics.add(
                    table.location(),
                    table.name() + " starts after " + before.get() + ", which comes back to " + next.get(),
                    "Let the first of them start at earliest, latest or an instant.");
            return;
        }
        List<String> landed = Optional.ofNullable(tables.get(before.get()))
                .flatMap(TableGraph::kafka)
                .map(Source.Kafka::topics)
                .orElse(List.of());
        List<String> strange = source.get().topics().stream()
                .filter(topic -> !landed.contains(topic))
                .toList();
        if (!strange.isEmpty()) {
            diagnostics.add(
                    table.location(),
                    table.name() + " starts after " + before.get() + ", which does not land "
                            + String.join(", ", strange),
                    "Name the table that has landed these topics until now.");
        }
        for (ParsedTable other : tables.values()) {
            boolean second = kafka(other)
                    .filter(kafka -> kafka.startsAfter().equals(before))
                    .filter(kafka ->
                            kafka.topics().stream().anyMatch(source.get().topics()::contains))
                    .isPresent();
            if (second && other.name().compareTo(table.name()) < 0) {
                diagnostics.add(
                        table.location(),
                        table.name() + " and " + other.name() + " both start after " + before.get(),
                        "Let one of them start after the other, or land other topics.");
            }
        }
    }

    private static Optional<Source.Kafka> kafka(ParsedTable table) {
        return table.definition().flatMap(Definition::kafka);
    }

    /** Whether a table reads one version of an input that has no dates. */
    public boolean isSnapshot(ParsedTable table, ParsedInput input) {
        return table.isPlanned()
                && Optional.ofNullable(tables.get(input.table()))
                        .filter(ParsedTable::isKeyed)
                        .isPresent();
    }

    /** Reports a table that no input gives dates. */
    private void dates(ParsedTable table) {
        if (table.isPlanned()
                && !table.isKeyed()
                && !table.inputs().isEmpty()
                && table.inputs().stream().allMatch(input -> isSnapshot(table, input))) {
            ParsedInput first = table.inputs().get(0);
            diagnostics.add(
                    first.location(),
                    table.name() + " reads only tables without dates, such as " + first.table()
                            + ", so nothing says which dates it has",
                    "Read a landing or a daily table beside it, or make it a view.");
        }
    }

    /** Reports a table that waits for the arrival of what does not arrive. */
    private void waiting(ParsedTable table) {
        boolean arrives = table.inputs().stream()
                .map(input -> Optional.ofNullable(tables.get(input.table())))
                .flatMap(Optional::stream)
                .flatMap(read -> read.definition().stream())
                .anyMatch(definition -> definition.traits().contains(Trait.INCREMENTAL));
        if (table.waitFor().isPresent() && !table.inputs().isEmpty() && !arrives) {
            diagnostics.add(
                    table.location(),
                    table.name() + " waits for complete inputs, but each of them has a date or lacks it",
                    "Take `wait_for` out; it is for tables that read what Kafka or a folder brings.");
        }
    }

    private void assets(ParsedPipeline pipeline) {
        boolean readsOthers = pipeline.tables().stream()
                .flatMap(table -> table.inputs().stream())
                .anyMatch(input -> !pipeline.declares(input.table()));
        if (pipeline.schedule().equals("assets") && !readsOthers) {
            diagnostics.add(
                    pipeline.schedulePlace(),
                    "schedule assets, but " + pipeline.name() + " reads no table of another pipeline",
                    "Give it a time, such as @daily.");
        }
    }

    /** Reports each cycle once, at the input that closes it. */
    private void circles(TableName table, List<TableName> path, Set<TableName> done) {
        if (done.contains(table) || !tables.containsKey(table)) {
            return;
        }
        path.add(table);
        for (ParsedInput input : tables.get(table).inputs()) {
            int start = path.indexOf(input.table());
            if (start >= 0) {
                String circle = path.subList(start, path.size()).stream()
                        .map(TableName::toString)
                        .collect(Collectors.joining(" reads "));
                diagnostics.add(
                        input.location(),
                        "tables read each other in a circle: " + circle + " reads " + input.table(),
                        "Take one of these inputs out.");
            } else {
                circles(input.table(), path, done);
            }
        }
        path.remove(path.size() - 1);
        done.add(table);
    }

    /** Everything that the table reads, by way of other tables too. */
    private Set<TableName> reads(ParsedTable table) {
        Set<TableName> reached = new HashSet<>();
        List<ParsedTable> next = new ArrayList<>(List.of(table));
        while (!next.isEmpty()) {
            for (ParsedInput input : next.remove(next.size() - 1).inputs()) {
                if (reached.add(input.table())) {
                    Optional.ofNullable(tables.get(input.table())).ifPresent(next::add);
                }
            }
        }
        return reached;
    }
}
