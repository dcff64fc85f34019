package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.landing.jdbc.dialect.SourceColumn;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.DataType;

/**
 * A column of the lake's table and the database column that it comes from.
 *
 * @param type as declared, or derived from the database's type
 */
record LandedColumn(String name, SourceColumn source, DataType type) {
    /**
     * The table's columns for these database columns: those declared by name or type, and all others unchanged.
     *
     * @throws LakeException (DEFINITION) if a declared column does not exist, one has a type that landings do not read, or
     *     one needs another name; the message contains a declaration that names it
     */
    static List<LandedColumn> of(Table table, Source.Jdbc source, List<SourceColumn> columns) {
        Map<String, List<String>> declared = new LinkedHashMap<>();
        for (Map.Entry<String, String> column : declared(table, source).entrySet()) {
            declared.computeIfAbsent(column.getValue(), from -> new ArrayList<>())
                    .add(column.getKey());
        }
        requireKnown(table, source, columns, declared);
        requireReadable(table, source, columns);
        Set<String> names = new HashSet<>();
        declared.values().forEach(names::addAll);
        List<LandedColumn> landed = new ArrayList<>();
        List<SourceColumn> invalid = new ArrayList<>();
        for (SourceColumn column : columns) {
            for (String name : declared.getOrDefault(column.name(), List.of(column.name()))) {
                boolean unchanged = !declared.containsKey(column.name());
                if (unchanged && (!ColumnNames.isName(name) || names.contains(name))) {
                    invalid.add(column);
                } else {
                    names.add(name);
                    String type = table.columns().get(name);
                    landed.add(
                            new LandedColumn(name, column, type == null ? column.lakeType() : DataType.fromDDL(type)));
                }
            }
        }
        if (!invalid.isEmpty()) {
            throw new LakeException(ExitCode.DEFINITION, rename(table, source, invalid, names));
        }
        return landed;
    }

    /** Database column by the name of each column that the table declares. */
    private static Map<String, String> declared(Table table, Source.Jdbc source) {
        Set<String> names = new LinkedHashSet<>(table.columns().keySet());
        names.addAll(source.from().keySet());
        Map<String, String> declared = new LinkedHashMap<>();
        names.forEach(
                name -> declared.put(name, ColumnNames.unquoted(source.from().getOrDefault(name, name))));
        return declared;
    }

    private static void requireKnown(
            Table table, Source.Jdbc source, List<SourceColumn> columns, Map<String, List<String>> declared) {
        List<String> known = columns.stream().map(SourceColumn::name).toList();
        if (known.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot land " + table.name() + ": " + source.table() + " has no columns. Name another table.");
        }
        List<String> unknown =
                declared.keySet().stream().filter(from -> !known.contains(from)).toList();
        if (!unknown.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot land " + table.name() + ": its `columns` come from " + String.join(", ", unknown) + ", but "
                            + source.table() + " has no such column. It has " + String.join(", ", known)
                            + "; write the one that is meant behind `from`, in the same letters.");
        }
    }

    private static void requireReadable(Table table, Source.Jdbc source, List<SourceColumn> columns) {
        List<String> unreadable = columns.stream()
                .filter(column -> !column.isReadable())
                .map(column -> column.name() + " " + column.type())
                .toList();
        if (!unreadable.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot land " + table.name() + ": " + source.table() + " has columns of types that landings do not"
                            + " read: " + String.join(", ", unreadable)
                            + ". Nothing was read. Make a view in the database"
                            + " that leaves them out or makes texts or bytes of them, and land that.");
        }
    }

    private static String rename(Table table, Source.Jdbc source, List<SourceColumn> invalid, Set<String> names) {
        ColumnsYaml line = ColumnsYaml.of(table, source);
        List<String> shown = new ArrayList<>();
        for (SourceColumn column : invalid) {
            shown.add(column.name());
            line.from(ColumnNames.suggest(column, names), column.name());
        }
        return "Cannot land " + table.name() + ": " + source.table()
                + " has columns that need another name in the lake,"
                + " where names are of lower-case letters, digits and underscores, and date is the partition's: "
                + String.join(", ", shown) + ". Nothing was read. Say their names under " + table.name()
                + " in pipeline.yaml, for example " + line + ", and run again.";
    }
}
