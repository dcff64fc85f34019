package dev.igarape.cli.project;

import dev.igarape.model.Input;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Selects the tables of a command by the user's selectors. */
public final class Selection {
    private final Manifest manifest;
    private final List<Table> tables;

    public Selection(Manifest manifest) {
        this.manifest = manifest;
        this.tables = manifest.pipelines().stream()
                .flatMap(pipeline -> pipeline.tables().stream())
                .toList();
    }

    /**
     * The tables of these selectors, in build order. A selector is a table or a pipeline; {@code +} after it adds what is
     * built from it, {@code +} before it what it is built from. Blanks and commas separate selectors, too.
     *
     * @throws LakeException with {@link ExitCode#USAGE} for a name that is not in the manifest, or when no selector is given
     */
    public List<TableName> tables(Collection<String> selectors) {
        Set<TableName> selected = new LinkedHashSet<>();
        for (String selector : selectors) {
            for (String part : selector.split("[\\s,]+")) {
                if (!part.isEmpty()) {
                    add(part, selected);
                }
            }
        }
        if (selected.isEmpty()) {
            throw new LakeException(ExitCode.USAGE, "No table is named. " + choices());
        }
        return inBuildOrder(selected);
    }

    /** As {@link #tables}; without a selector, all tables. */
    public List<TableName> tablesOrAll(Collection<String> selectors) {
        return selectors.isEmpty()
                ? inBuildOrder(tables.stream().map(Table::name).toList())
                : tables(selectors);
    }

    private List<TableName> inBuildOrder(Collection<TableName> names) {
        return manifest.inBuildOrder(names).stream().map(Table::name).toList();
    }

    private void add(String selector, Set<TableName> selected) {
        boolean before = selector.startsWith("+");
        boolean after = selector.endsWith("+") && selector.length() > 1;
        List<TableName> named = named(selector.substring(before ? 1 : 0, selector.length() - (after ? 1 : 0)));
        selected.addAll(named);
        if (before) {
            selected.addAll(closure(named, true));
        }
        if (after) {
            selected.addAll(closure(named, false));
        }
    }

    private List<TableName> named(String name) {
        List<TableName> found = tables.stream()
                .map(Table::name)
                .filter(table -> table.toString().equals(name))
                .toList();
        if (!found.isEmpty()) {
            return found;
        }
        return manifest.pipeline(name)
                .map(pipeline -> pipeline.tables().stream().map(Table::name).toList())
                .orElseThrow(() -> new LakeException(
                        ExitCode.USAGE, "No table or pipeline is called '%s'. %s".formatted(name, choices())));
    }

    private Set<TableName> closure(List<TableName> start, boolean upstream) {
        Set<TableName> reached = new LinkedHashSet<>(start);
        List<TableName> open = new ArrayList<>(start);
        while (!open.isEmpty()) {
            TableName name = open.remove(open.size() - 1);
            for (TableName next : upstream ? inputs(name) : readers(name)) {
                if (reached.add(next)) {
                    open.add(next);
                }
            }
        }
        return reached;
    }

    private List<TableName> inputs(TableName name) {
        return manifest.table(name).stream()
                .flatMap(table -> table.inputs().stream())
                .map(Input::table)
                .toList();
    }

    private List<TableName> readers(TableName name) {
        return tables.stream()
                .filter(table ->
                        table.inputs().stream().anyMatch(input -> input.table().equals(name)))
                .map(Table::name)
                .toList();
    }

    private String choices() {
        return "Pipelines: %s. Tables: %s."
                .formatted(
                        manifest.pipelines().stream().map(Pipeline::name).collect(Collectors.joining(", ")),
                        tables.stream().map(table -> table.name().toString()).collect(Collectors.joining(", ")));
    }
}
