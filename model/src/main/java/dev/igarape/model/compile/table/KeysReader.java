package dev.igarape.model.compile.table;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.table.ParsedDefinition.Keys;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reader of {@code keys} and {@code sequence_by}, and the check of both against the table's columns. */
final class KeysReader {
    private static final String KEYS_REMEDY = "Name the columns that tell rows apart: `keys: [customer_id]`.";
    private static final String SEQUENCE_REMEDY =
            "Name the columns that put the events of a key in order: `sequence_by: [updated_at]`.";
    private static final String COLUMNS_REMEDY =
            "Write the names and Spark SQL types of what the SQL selects: `columns: {customer_id: string, …}`.";
    /** What Delta Lake adds to the rows of a change feed. */
    private static final Set<String> OF_THE_CHANGE_FEED =
            Set.of("_change_type", "_commit_version", "_commit_timestamp");

    /** Columns that a step adds to events while it runs. */
    private static final String OF_THE_PLATFORM = ChangeCapture.OF_THE_PLATFORM;

    private final Diagnostics diagnostics;

    KeysReader(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** Whether Delta Lake or the platform adds a column of this name. */
    static boolean isReserved(String column) {
        return OF_THE_CHANGE_FEED.contains(column) || column.startsWith(OF_THE_PLATFORM) || column.equals("date");
    }

    /** Both lists; absent where one has no column. */
    Optional<Keys> read(YamlMap current) {
        List<SourceText> keys = distinct(current.requiredTexts("keys", KEYS_REMEDY));
        List<SourceText> sequenceBy = distinct(current.requiredTexts("sequence_by", SEQUENCE_REMEDY));
        return keys.isEmpty() || sequenceBy.isEmpty() ? Optional.empty() : Optional.of(new Keys(keys, sequenceBy));
    }

    /** The keys of captured changes, whose sequence is that of the database's log. */
    Optional<Keys> readCaptured(YamlMap body) {
        List<SourceText> keys = distinct(body.requiredTexts("keys", KEYS_REMEDY));
        return keys.isEmpty() ? Optional.empty() : Optional.of(new Keys(keys, List.of()));
    }

    private List<SourceText> distinct(List<SourceText> columns) {
        List<SourceText> distinct = new ArrayList<>();
        for (SourceText column : columns) {
            if (distinct.stream().anyMatch(other -> other.value().equals(column.value()))) {
                diagnostics.add(column.location(), "'" + column.value() + "' is given twice", "Keep one of them.");
            } else {
                distinct.add(column);
            }
        }
        return distinct;
    }

    /** Reports columns that are not declared, that can't be compared, or that the table can't have. */
    void check(Keys keys, String kind, YamlMap table, Map<String, String> columns) {
        if (!table.has("columns")) {
            diagnostics.add(table.location(kind), "a " + kind + " table has to declare its `columns`", COLUMNS_REMEDY);
            return;
        }
        columns.keySet().stream()
                .filter(OF_THE_CHANGE_FEED::contains)
                .forEach(column -> diagnostics.add(
                        table.location("columns"),
                        "the change feed has a column " + column + " of its own",
                        "Give the column another name here and in the SQL."));
        columns.keySet().stream()
                .filter(column -> column.startsWith(OF_THE_PLATFORM))
                .forEach(column -> diagnostics.add(
                        table.location("columns"),
                        "names that start with " + OF_THE_PLATFORM + " are the platform's own, as " + column,
                        "Give the column another name here and in the SQL."));
        for (SourceText key : keys.keys()) {
            declared("key", key, columns, KEYS_REMEDY).ifPresent(type -> keyType(key, type));
        }
        for (SourceText column : keys.sequenceBy()) {
            declared("sequence_by", column, columns, SEQUENCE_REMEDY).ifPresent(type -> sequenceType(column, type));
            if (keys.keys().stream().anyMatch(key -> key.value().equals(column.value()))) {
                diagnostics.add(
                        column.location(),
                        "sequence_by '" + column.value() + "' is a key, so all events of a key have the same",
                        SEQUENCE_REMEDY);
            }
        }
    }

    /** The type of the column; what is not declared is reported. */
    private Optional<String> declared(String use, SourceText column, Map<String, String> columns, String remedy) {
        if (!columns.containsKey(column.value())) {
            diagnostics.add(
                    column.location(),
                    use + " '" + column.value() + "' is none of the table's columns"
                            + Suggestion.didYouMean(column.value(), List.copyOf(columns.keySet())),
                    remedy);
        }
        return Optional.ofNullable(columns.get(column.value()));
    }

    private void keyType(SourceText key, String type) {
        if (type.equals("float") || type.equals("double")) {
            diagnostics.add(
                    key.location(),
                    "key '" + key.value() + "' is of type " + type + ", which has values that are equal only to some"
                            + " engines (NaN, -0.0)",
                    "Cast it in the SQL: to a decimal, a bigint or a string.");
        } else if (type.matches("(map|struct|array)<.*")) {
            diagnostics.add(
                    key.location(),
                    "key '" + key.value() + "' is of type " + type + ": a key is a single value",
                    "Name the fields that tell rows apart, each as a column of the SQL.");
        }
    }

    /** Reports a first column of the sequence that can't be the start of a period, and tracked columns that can't be compared. */
    void checkHistory(Keys keys, HistoryDefinition history, YamlMap table, Map<String, String> columns) {
        for (String column : history.track()) {
            if (columns.getOrDefault(column, "").contains("map<")) {
                diagnostics.add(
                        table.location("history"),
                        "tracked column '" + column + "' is of type " + columns.get(column)
                                + ", and equal maps may differ in the order of their entries",
                        "Leave it out of `track`, or make a list of it in the SQL: `array_sort(map_entries(" + column
                                + "))`.");
            }
        }
        if (history.cdc().isPresent()) {
            return;
        }
        SourceText time = keys.sequenceBy().get(0);
        String type = columns.getOrDefault(time.value(), "timestamp");
        if (!type.matches("timestamp(_ntz)?|date|tinyint|smallint|int|bigint|decimal\\(.*")) {
            diagnostics.add(
                    time.location(),
                    "sequence_by '" + time.value() + "' is of type " + type
                            + ", and the first one is the time from which a version holds",
                    "Name a timestamp, a date or a whole number first.");
        }
    }

    /** Reports a first column of the sequence by which nobody can tell how old a deletion is. */
    void checkTombstones(Keys keys, YamlMap table, Map<String, String> columns) {
        SourceText time = keys.sequenceBy().get(0);
        String type = columns.getOrDefault(time.value(), "timestamp");
        if (!type.matches("timestamp(_ntz)?|date")) {
            diagnostics.add(
                    table.location("current"),
                    "'tombstones' of a table whose sequence_by starts with '" + time.value() + "' of type " + type
                            + ", which does not say when a deletion was",
                    "Name a timestamp or a date first in sequence_by, or take `tombstones` out.");
        }
    }

    private void sequenceType(SourceText column, String type) {
        // Types are in Spark's simple spelling, in which nothing else ends with this.
        if (type.contains("map<")) {
            diagnostics.add(
                    column.location(),
                    "sequence_by '" + column.value() + "' is of type " + type + ", and maps have no order",
                    "Name a column that can be compared, such as a timestamp or a bigint.");
        }
    }
}
