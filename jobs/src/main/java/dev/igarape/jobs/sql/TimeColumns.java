package dev.igarape.jobs.sql;

import dev.igarape.model.sql.TimeShape.Form;
import dev.igarape.model.sql.TimeShape.TimeValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Those columns of a plan that follow from a time that is read. What is not among them may exist, but says nothing of a
 * time.
 */
record TimeColumns(List<TimeColumn> columns) {
    static final TimeColumns NONE = new TimeColumns(List.of());

    TimeColumns {
        columns = List.copyOf(columns);
    }

    /**
     * A column, or a struct with a time in it.
     *
     * @param qualifier the name before it, in as many parts as it has; empty for columns of a SELECT
     * @param fields the way from the column to the time; empty where the column is the time
     */
    record TimeColumn(List<String> qualifier, String name, List<String> fields, TimeValue value) {
        TimeColumn {
            qualifier = List.copyOf(qualifier);
            fields = List.copyOf(fields);
        }

        /** This column behind another name of its table. */
        TimeColumn of(String alias) {
            return new TimeColumn(List.of(alias), name, fields, value);
        }

        /** What is left of the parts behind the column's name; empty where they name another column. */
        private Optional<List<String>> rest(List<String> parts) {
            for (int skipped = qualifier.size(); skipped >= 0; skipped--) {
                List<String> path = new ArrayList<>(qualifier.subList(qualifier.size() - skipped, qualifier.size()));
                path.add(name);
                if (parts.size() >= path.size() && parts.subList(0, path.size()).equals(path)) {
                    return Optional.of(parts.subList(path.size(), parts.size()));
                }
            }
            return Optional.empty();
        }
    }

    /**
     * A value, or the struct that holds it.
     *
     * @param fields the way to the value; empty where it is the value
     */
    record Held(List<String> fields, TimeValue value) {
        /** The field of a struct; empty where that does not lead to a time. */
        Optional<Held> field(String name) {
            if (!fields.isEmpty()) {
                return fields.get(0).equals(name)
                        ? Optional.of(new Held(fields.subList(1, fields.size()), value))
                        : Optional.empty();
            }
            if (value.form() != Form.WINDOW) {
                return Optional.empty();
            }
            return switch (name) {
                case "start" -> Optional.of(new Held(List.of(), as(Form.WITHIN)));
                case "end" -> Optional.of(new Held(List.of(), as(Form.END)));
                default -> Optional.empty();
            };
        }

        /** The value itself; empty where this is a struct that holds it. */
        Optional<TimeValue> time() {
            return fields.isEmpty() ? Optional.of(value) : Optional.empty();
        }

        private TimeValue as(Form form) {
            return new TimeValue(form, value.window(), value.line(), value.column());
        }
    }

    /** The column that these parts name, and fields of it. */
    Optional<Held> find(List<String> parts) {
        List<String> lower =
                parts.stream().map(part -> part.toLowerCase(Locale.ROOT)).toList();
        for (TimeColumn column : columns) {
            Optional<List<String>> rest = column.rest(lower);
            if (rest.isPresent()) {
                Optional<Held> held = Optional.of(new Held(column.fields(), column.value()));
                for (String field : rest.get()) {
                    held = held.flatMap(struct -> struct.field(field));
                }
                return held;
            }
        }
        return Optional.empty();
    }

    TimeColumns and(TimeColumns others) {
        return new TimeColumns(
                Stream.concat(columns.stream(), others.columns.stream()).toList());
    }

    TimeColumns aliased(String alias) {
        return new TimeColumns(columns.stream()
                .map(column -> column.of(alias.toLowerCase(Locale.ROOT)))
                .toList());
    }

    /** The columns that a star with this name before it stands for; all for none. */
    TimeColumns star(List<String> target) {
        if (target.isEmpty()) {
            return new TimeColumns(columns.stream()
                    .map(column -> new TimeColumn(List.of(), column.name(), column.fields(), column.value()))
                    .toList());
        }
        String last = target.get(target.size() - 1).toLowerCase(Locale.ROOT);
        List<TimeColumn> found = new ArrayList<>();
        for (TimeColumn column : columns) {
            if (!column.qualifier().isEmpty()
                    && column.qualifier().get(column.qualifier().size() - 1).equals(last)) {
                found.add(new TimeColumn(List.of(), column.name(), column.fields(), column.value()));
            } else if (column.name().equals(last) && !column.fields().isEmpty()) {
                found.add(new TimeColumn(
                        List.of(),
                        column.fields().get(0),
                        column.fields().subList(1, column.fields().size()),
                        column.value()));
            }
        }
        return new TimeColumns(found);
    }

    /** The times themselves, without structs that hold one. */
    List<TimeValue> times() {
        return columns.stream()
                .filter(column -> column.fields().isEmpty())
                .map(TimeColumn::value)
                .toList();
    }

    /** The columns that rows of both have in the same form. */
    TimeColumns inBoth(TimeColumns others) {
        return new TimeColumns(columns.stream()
                .filter(column -> others.columns.stream()
                        .anyMatch(other -> other.name().equals(column.name())
                                && other.fields().equals(column.fields())
                                && other.value().form() == column.value().form()
                                && other.value().window().equals(column.value().window())))
                .toList());
    }
}
