package dev.igarape.jobs.landing.kafka.schema;

import dev.igarape.jobs.landing.kafka.schema.MergedSchema.WriterType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apache.avro.Schema;

/**
 * Columns for the fields of several definitions of a record. Fields are matched by name, by alias, or by name
 * regardless of case. Hive and Trino ignore case, so if a record has two such fields, the later one gets a numeric
 * suffix ({@code userid_2}), and its own name becomes an alias, which Avro's readers use to find it.
 *
 * <p>Definitions are added from the oldest on, and a field that has been matched keeps its column. So a name that a
 * column has from older definitions cannot become that of another column, which would take its values.
 */
final class MergedColumns {
    private final List<Column> columns = new ArrayList<>();

    private MergedColumns() {}

    /** A column and its source fields, newest first. */
    static final class Column {
        private final Set<String> fieldNames = new HashSet<>();
        private final Set<String> aliases = new LinkedHashSet<>();
        private final List<Source> sources = new ArrayList<>();
        private String name;

        private Column(String name) {
            this.name = name;
        }

        /** Removes a name that belongs to another column's field. */
        private void forget(String field) {
            fieldNames.remove(field);
            aliases.remove(field);
        }

        String name() {
            return name;
        }

        Set<String> aliases() {
            return aliases;
        }

        List<Source> sources() {
            return sources;
        }
    }

    /** A field of one definition. */
    record Source(WriterType definition, Schema.Field field) {}

    /**
     * Columns in the order of the newest definition, followed by those that only older ones have.
     *
     * @param definitions of records, newest first
     */
    static List<Column> of(List<WriterType> definitions) {
        MergedColumns merged = new MergedColumns();
        for (int i = definitions.size() - 1; i >= 0; i--) {
            merged.addDefinition(definitions.get(i));
        }
        merged.columns.forEach(merged::dropForeignAliases);
        Map<String, Column> ordered = new LinkedHashMap<>();
        for (WriterType definition : definitions) {
            for (Schema.Field field : definition.schema().getFields()) {
                merged.columns.stream()
                        .filter(column -> column.sources.stream()
                                .anyMatch(source -> source.definition == definition
                                        && source.field.name().equals(field.name())))
                        .forEach(column -> ordered.putIfAbsent(column.name, column));
            }
        }
        return List.copyOf(ordered.values());
    }

    private void addDefinition(WriterType definition) {
        Map<String, Column> found = new LinkedHashMap<>();
        match(definition, found, (field, column) -> column.name.equals(field.name()));
        Set<String> unchanged = Set.copyOf(found.keySet());
        match(definition, found, (field, column) -> field.aliases().contains(column.name));
        match(definition, found, (field, column) -> field.aliases().stream().anyMatch(column.aliases::contains));
        Set<String> renaming = new HashSet<>(found.keySet());
        renaming.removeAll(unchanged);
        match(definition, found, (field, column) -> column.aliases.contains(field.name()));
        match(definition, found, (field, column) -> column.name.equalsIgnoreCase(field.name()));
        Set<String> known = new HashSet<>();
        for (Column column : columns) {
            known.addAll(column.fieldNames);
            known.addAll(column.aliases);
        }
        for (Schema.Field field : definition.schema().getFields()) {
            Column column = found.get(field.name());
            if (column == null) {
                if (known.contains(field.name())) {
                    throw MergedSchema.refusal("field " + field.name() + " of "
                            + definition.schema().getFullName()
                            + " is a field of its own in one, and another name of a field beside it in an older one;"
                            + " readers can't tell which of the two a value is");
                }
                column = new Column(availableName(field.name(), Optional.empty()));
                columns.forEach(other -> other.forget(field.name()));
                columns.add(column);
            } else if (renaming.contains(field.name())) {
                column.aliases.add(column.name);
                column.name = availableName(field.name(), Optional.of(column));
            }
            column.fieldNames.add(field.name());
            column.aliases.add(field.name());
            column.aliases.addAll(field.aliases());
            column.sources.add(0, new Source(definition, field));
        }
    }

    private void match(WriterType definition, Map<String, Column> found, BiPredicate<Schema.Field, Column> fits) {
        Set<Column> taken = new HashSet<>(found.values());
        for (Schema.Field field : definition.schema().getFields()) {
            if (!found.containsKey(field.name())) {
                columns.stream()
                        .filter(column -> fits.test(field, column) && !taken.contains(column))
                        .findFirst()
                        .ifPresent(column -> {
                            found.put(field.name(), column);
                            taken.add(column);
                        });
            }
        }
    }

    /** The name, with a numeric suffix if another column has the same name regardless of case. */
    private String availableName(String name, Optional<Column> self) {
        Set<String> others = new HashSet<>();
        columns.stream()
                .filter(column -> self.isEmpty() || column != self.get())
                .forEach(column -> others.add(column.name.toLowerCase(Locale.ROOT)));
        String availableName = name;
        for (int number = 2; others.contains(availableName.toLowerCase(Locale.ROOT)); number++) {
            availableName = name + "_" + number;
        }
        return availableName;
    }

    /** Removes aliases that are names or fields of other columns, because they would take those values. */
    private void dropForeignAliases(Column column) {
        column.aliases.remove(column.name);
        for (Column other : columns) {
            if (other != column) {
                column.aliases.remove(other.name);
                column.aliases.removeIf(
                        alias -> other.fieldNames.contains(alias) && !column.fieldNames.contains(alias));
            }
        }
    }
}
