package dev.igarape.jobs.landing.kafka.schema;

import dev.igarape.jobs.landing.kafka.schema.MergedSchema.Written;
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
 * The columns that hold the fields of several definitions of a record: fields of one name, or of names that an alias
 * joins, or that differ by case only. Hive and Trino know no case, so of two such fields within one record the later gets
 * a number behind its name ({@code userid_2}); its own name becomes an alias, by which Avro's readers find it.
 *
 * <p>A field that has found its column keeps it: definitions are looked at from the oldest on. So a name that a column
 * has from older definitions can't become that of a further column, whose values it would take.
 */
final class MergedColumns {
    private final List<Column> columns = new ArrayList<>();

    private MergedColumns() {}

    /** A column and the fields that it reads, the newest first. */
    static final class Column {
        private final Set<String> fieldNames = new HashSet<>();
        private final Set<String> aliases = new LinkedHashSet<>();
        private final List<Source> sources = new ArrayList<>();
        private String name;

        private Column(String name) {
            this.name = name;
        }

        /** Leaves a field's name to the column that is this field's own. */
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
    record Source(Written definition, Schema.Field field) {}

    /**
     * In the order of the newest definition, then those that only older ones have.
     *
     * @param definitions of records, the newest first
     */
    static List<Column> of(List<Written> definitions) {
        MergedColumns merged = new MergedColumns();
        for (int i = definitions.size() - 1; i >= 0; i--) {
            merged.add(definitions.get(i));
        }
        merged.columns.forEach(merged::dropForeignAliases);
        Map<String, Column> ordered = new LinkedHashMap<>();
        for (Written definition : definitions) {
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

    private void add(Written definition) {
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
                column = new Column(free(field.name(), Optional.empty()));
                columns.forEach(other -> other.forget(field.name()));
                columns.add(column);
            } else if (renaming.contains(field.name())) {
                column.aliases.add(column.name);
                column.name = free(field.name(), Optional.of(column));
            }
            column.fieldNames.add(field.name());
            column.aliases.add(field.name());
            column.aliases.addAll(field.aliases());
            column.sources.add(0, new Source(definition, field));
        }
    }

    private void match(Written definition, Map<String, Column> found, BiPredicate<Schema.Field, Column> fits) {
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

    /** The name, or with a number behind it where another column has it, in whatever case. */
    private String free(String name, Optional<Column> self) {
        Set<String> others = new HashSet<>();
        columns.stream()
                .filter(column -> self.isEmpty() || column != self.get())
                .forEach(column -> others.add(column.name.toLowerCase(Locale.ROOT)));
        String free = name;
        for (int number = 2; others.contains(free.toLowerCase(Locale.ROOT)); number++) {
            free = name + "_" + number;
        }
        return free;
    }

    /** An alias that is another column's name, or a field of another column, would take that field's values away. */
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
