package dev.igarape.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code ./lake compile} writes to {@code manifest.json}: everything that jobs, Airflow and the docs need, with
 * SQL inlined and inputs resolved. Tables of a pipeline stand in the order in which they are built.
 *
 * @param version format of this file; readers refuse one they do not know
 */
public record Manifest(int version, List<Pipeline> pipelines) {
    public static final int VERSION = 1;

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

    /** Every table that can be queried: those of the pipelines, the quarantine of each, and those of {@code ops}. */
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
