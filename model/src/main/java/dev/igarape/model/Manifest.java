package dev.igarape.model;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code ./lake compile} writes to {@code manifest.json}: everything that jobs, Airflow and the docs need, with
 * SQL inlined and inputs resolved. Tables of a pipeline stand in the order in which they are built.
 *
 * @param version format of this file; readers refuse one they do not know
 */
public record Manifest(int version, List<Pipeline> pipelines) {
    public static final int VERSION = 2;

    /** The tables of the layer {@code ops}. */
    private static final List<TableName> OPS = Stream.of("commits", "expectations", "freshness", "last_dates", "runs")
            .map(name -> new TableName(Layer.OPS, name))
            .toList();

    public Manifest {
        pipelines = List.copyOf(pipelines);
    }

    public Optional<Pipeline> pipeline(String name) {
        return pipelines.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    public Optional<Table> table(TableName name) {
        return pipelines.stream()
                .flatMap(p -> p.tables().stream())
                .filter(t -> t.name().equals(name))
                .findFirst();
    }

    /**
     * These tables so that each comes after those it reads, across pipelines too; otherwise as the manifest has them.
     */
    public List<Table> inBuildOrder(Collection<TableName> names) {
        Map<TableName, Table> ordered = new LinkedHashMap<>();
        for (Pipeline pipeline : pipelines) {
            for (Table table : pipeline.tables()) {
                if (names.contains(table.name())) {
                    addAfterInputs(table, names, ordered);
                }
            }
        }
        return List.copyOf(ordered.values());
    }

    private void addAfterInputs(Table table, Collection<TableName> names, Map<TableName, Table> ordered) {
        for (Input input : table.inputs()) {
            if (names.contains(input.table()) && !ordered.containsKey(input.table())) {
                table(input.table()).ifPresent(read -> addAfterInputs(read, names, ordered));
            }
        }
        ordered.put(table.name(), table);
    }

    /** What can be queried of these pipelines: their tables, the quarantine of each, and the lake's own in ops. */
    public List<TableName> queryable() {
        return Stream.concat(
                        pipelines.stream()
                                .flatMap(p -> p.tables().stream())
                                .flatMap(t -> Stream.of(t.name(), t.name().quarantine())),
                        OPS.stream())
                .toList();
    }

    /** The pipeline that declares this table. */
    public Optional<Pipeline> owner(TableName name) {
        return pipelines.stream()
                .filter(p -> p.tables().stream().anyMatch(t -> t.name().equals(name)))
                .findFirst();
    }
}
