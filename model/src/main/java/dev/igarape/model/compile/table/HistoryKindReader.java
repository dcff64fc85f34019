package dev.igarape.model.compile.table;

import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.HistoryDefinition.Period;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code history}: all versions of each key, of the events that Spark SQL gives over the inputs of each date. */
final class HistoryKindReader extends KeyedKindReader {
    private static final String TRACK_REMEDY =
            "Name the columns whose change makes a version, `track: [price]`, or leave it out for all columns.";
    private static final String PERIOD_REMEDY =
            "Write `columns: {from: valid_from, to: valid_to, current: is_current}`, which are the names without it.";
    private static final String OTHER_NAME = "Give one of them another name.";

    HistoryKindReader() {
        super(
                "Write `history: {sql: books.sql, keys: [book_id], sequence_by: [updated_at], track: [price]}`.",
                List.of("track", "columns"));
    }

    @Override
    public String key() {
        return "history";
    }

    @Override
    public Class<HistoryDefinition> definition() {
        return HistoryDefinition.class;
    }

    @Override
    Optional<HistoryDefinition> definition(YamlMap table, YamlMap body, Common common, PipelineFolder folder) {
        // What is wrong with the table's columns is reported where they are read.
        List<String> columns = table.isMap("columns")
                ? table.map("columns", TRACK_REMEDY)
                        .map(map -> map.keys().stream().map(SourceText::value).toList())
                        .orElse(List.of())
                : List.of();
        Optional<List<String>> track = track(body, common, columns, folder.diagnostics());
        Optional<Period> period = period(body, columns, folder.diagnostics());
        return track.flatMap(tracked -> period.map(names -> new HistoryDefinition(
                common.sql(),
                common.keys(),
                common.sequenceBy(),
                common.deleteWhen(),
                tracked,
                names,
                common.changeFeed(),
                common.cdc(),
                common.ambiguousSequence())));
    }

    private static Optional<List<String>> track(
            YamlMap body, Common common, List<String> columns, Diagnostics diagnostics) {
        List<String> trackable = columns.stream()
                .filter(column ->
                        !common.keys().contains(column) && !common.sequenceBy().contains(column))
                .toList();
        if (!body.has("track")) {
            if (trackable.isEmpty() && !columns.isEmpty()) {
                diagnostics.add(
                        body.location(),
                        "a history without a column besides keys and sequence has nothing to track",
                        "Declare and select the columns whose change makes a version.");
            }
            return trackable.isEmpty() ? Optional.empty() : Optional.of(trackable);
        }
        Set<String> tracked = new HashSet<>();
        boolean valid = true;
        List<SourceText> named = body.requiredTexts("track", TRACK_REMEDY);
        for (SourceText column : named) {
            Optional<String> problem = Optional.empty();
            if (common.keys().contains(column.value())) {
                problem = Optional.of("is a key, which is the same in all versions");
            } else if (common.sequenceBy().contains(column.value())) {
                problem = Optional.of("is of sequence_by, which differs in every event");
            } else if (!columns.isEmpty() && !columns.contains(column.value())) {
                problem =
                        Optional.of("is none of the table's columns" + Suggestion.didYouMean(column.value(), columns));
            } else if (!tracked.add(column.value())) {
                problem = Optional.of("is given twice");
            }
            problem.ifPresent(text -> diagnostics.add(
                    column.location(), "tracked column '" + column.value() + "' " + text, TRACK_REMEDY));
            valid &= problem.isEmpty();
        }
        return valid && !named.isEmpty() ? Optional.of(List.copyOf(tracked)) : Optional.empty();
    }

    private static Optional<Period> period(YamlMap body, List<String> columns, Diagnostics diagnostics) {
        Period standard = new Period("valid_from", "valid_to", "is_current");
        if (!body.has("columns")) {
            return unused(List.of(standard.from(), standard.to(), standard.current()), columns, body, diagnostics)
                    ? Optional.of(standard)
                    : Optional.empty();
        }
        Optional<YamlMap> names = body.map("columns", PERIOD_REMEDY);
        if (names.isEmpty()) {
            return Optional.empty();
        }
        names.get().allow("columns of a history", List.of("from", "to", "current"), Map.of());
        Period period = new Period(
                name(names.get(), "from", standard.from(), diagnostics),
                name(names.get(), "to", standard.to(), diagnostics),
                name(names.get(), "current", standard.current(), diagnostics));
        return unused(List.of(period.from(), period.to(), period.current()), columns, names.get(), diagnostics)
                ? Optional.of(period)
                : Optional.empty();
    }

    private static String name(YamlMap names, String key, String standard, Diagnostics diagnostics) {
        Optional<SourceText> name = names.text(key, PERIOD_REMEDY);
        name.filter(text -> !ColumnsReader.isName(text.value()) || KeysReader.isReserved(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "'" + text.value() + "' is not a name that a column can have",
                        "Use lower-case letters, digits and underscores, starting with a letter; date and names that"
                                + " Delta Lake's change feed or the platform add are taken."));
        return name.map(SourceText::value).orElse(standard);
    }

    /** Whether the names are different, and none of them is a column of the SQL; otherwise that is reported. */
    private static boolean unused(List<String> names, List<String> columns, YamlMap where, Diagnostics diagnostics) {
        List<String> seen = new ArrayList<>(columns);
        boolean unused = true;
        for (String name : names) {
            if (seen.contains(name)) {
                diagnostics.add(
                        where.location(),
                        "the history adds a column " + name
                                + (columns.contains(name) ? ", which the SQL gives already" : " twice"),
                        OTHER_NAME + " " + PERIOD_REMEDY);
                unused = false;
            }
            seen.add(name);
        }
        return unused;
    }
}
