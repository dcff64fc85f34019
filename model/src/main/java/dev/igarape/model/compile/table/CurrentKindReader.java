package dev.igarape.model.compile.table;

import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.DurationText;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlMap;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code current}: the latest row of each key, of the events that Spark SQL gives over the inputs of each date. */
final class CurrentKindReader extends KeyedKindReader {
    private static final String TOMBSTONES = "tombstones";
    private static final String TOMBSTONES_REMEDY =
            "Write for example `tombstones: 30 days` or `48 hours`, or leave it out: deletions are then remembered for good.";

    private static final String IGNORE_NULL = "ignore_null";
    private static final String IGNORE_NULL_REMEDY =
            "Write `ignore_null: true` for all columns but keys and sequence, or name some: `ignore_null: [name, email]`.";

    CurrentKindReader() {
        super(
                "Write `current: {sql: customers.sql, keys: [customer_id], sequence_by: [updated_at]}`.",
                List.of(TOMBSTONES, IGNORE_NULL));
    }

    @Override
    public String key() {
        return "current";
    }

    @Override
    boolean joins() {
        return true;
    }

    @Override
    public Class<CurrentDefinition> definition() {
        return CurrentDefinition.class;
    }

    @Override
    Optional<CurrentDefinition> definition(YamlMap table, YamlMap body, Common common, PipelineFolder folder) {
        return Optional.of(new CurrentDefinition(
                common.sql(),
                common.keys(),
                common.sequenceBy(),
                common.deleteWhen(),
                common.changeFeed(),
                common.cdc(),
                tombstones(body, common, folder),
                ignoreNull(table, body, common, folder.diagnostics()),
                common.ambiguousSequence()));
    }

    /** Columns of which null tells nothing; what is wrong is reported. */
    private static List<String> ignoreNull(YamlMap table, YamlMap body, Common common, Diagnostics diagnostics) {
        if (!body.has(IGNORE_NULL)) {
            return List.of();
        }
        if (common.cdc().isPresent()) {
            diagnostics.add(
                    body.location(IGNORE_NULL),
                    "'ignore_null' of a current table with 'cdc': a change says itself which values it does not tell",
                    "Take it out.");
            return List.of();
        }
        // What is wrong with the table's columns is reported where they are read.
        List<String> columns = table.isMap("columns")
                ? table.map("columns", IGNORE_NULL_REMEDY)
                        .map(map -> map.keys().stream().map(SourceText::value).toList())
                        .orElse(List.of())
                : List.of();
        if (body.isFlag(IGNORE_NULL)) {
            boolean all = body.flag(IGNORE_NULL, IGNORE_NULL_REMEDY).orElse(false);
            return all
                    ? columns.stream()
                            .filter(column -> !common.keys().contains(column)
                                    && !common.sequenceBy().contains(column))
                            .toList()
                    : List.of();
        }
        Set<String> named = new LinkedHashSet<>();
        for (SourceText column : body.requiredTexts(IGNORE_NULL, IGNORE_NULL_REMEDY)) {
            problem(column.value(), common, columns, named)
                    .ifPresent(problem -> diagnostics.add(
                            column.location(),
                            "column '" + column.value() + "' of ignore_null " + problem,
                            IGNORE_NULL_REMEDY));
            named.add(column.value());
        }
        return List.copyOf(named);
    }

    private static Optional<String> problem(String column, Common common, List<String> columns, Set<String> named) {
        if (common.keys().contains(column)) {
            return Optional.of("is a key, which is never null");
        }
        if (common.sequenceBy().contains(column)) {
            return Optional.of("is of sequence_by, which is never null");
        }
        if (named.contains(column)) {
            return Optional.of("is given twice");
        }
        return columns.isEmpty() || columns.contains(column)
                ? Optional.empty()
                : Optional.of("is none of the table's columns" + Suggestion.didYouMean(column, columns));
    }

    /** How long deletions are remembered; what is wrong is reported. */
    private static Optional<Duration> tombstones(YamlMap body, Common common, PipelineFolder folder) {
        Optional<SourceText> text = body.anyScalar(TOMBSTONES, TOMBSTONES_REMEDY);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        SourceText written = text.get();
        if (common.cdc().isPresent()) {
            folder.diagnostics()
                    .add(
                            written.location(),
                            "'tombstones' of a current table with 'cdc': its changes are in the order of the database's log, and"
                                    + " not in that of their times",
                            "Take it out.");
            return Optional.empty();
        }
        if (common.deleteWhen().isEmpty()) {
            folder.diagnostics()
                    .add(
                            written.location(),
                            "'tombstones' without 'delete_when': no event deletes",
                            "Take it out, or say which events delete their key: `delete_when: \"status = 'delete'\"`.");
            return Optional.empty();
        }
        Optional<Duration> kept = DurationText.parse(written.value(), ChronoUnit.HOURS, ChronoUnit.DAYS);
        if (kept.isEmpty()) {
            folder.diagnostics()
                    .add(
                            written.location(),
                            "'" + written.value() + "' is not a time for which deletions are remembered",
                            TOMBSTONES_REMEDY);
        }
        return kept;
    }
}
