package dev.igarape.model.compile.table;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.KeyedDefinition.AmbiguousSequence;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.query.ConditionCheck;
import dev.igarape.model.compile.table.ParsedDefinition.Keys;
import dev.igarape.model.compile.table.QueryReader.SparkQuery;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The part that {@code current} and {@code history} have in common: rows by key, of events that Spark SQL gives. */
abstract class KeyedKindReader implements KindReader {
    private static final String AMBIGUOUS_SEQUENCE = "ambiguous_sequence";
    private static final List<String> KEYS = List.of(
            "sql", "from", "cdc", "epochs", "keys", "sequence_by", "delete_when", "change_feed", AMBIGUOUS_SEQUENCE);
    /** What daily tables may say and one with keys may not, and what that is for. */
    private static final Map<String, String> DATED = Map.of(
            "inputs", "its events come from every date of what it reads, so there is no earlier date to add",
            "interval", "it is not computed by dates, so it has no parts of them",
            "time", "its rows are of no date, so no table reads them by time");

    private final String remedy;
    private final List<String> ownKeys;

    /**
     * @param remedy an example of the kind
     * @param ownKeys keys that only this kind has
     */
    KeyedKindReader(String remedy, List<String> ownKeys) {
        this.remedy = remedy;
        this.ownKeys = ownKeys;
    }

    /** What all kinds with keys say. */
    record Common(
            String sql,
            List<String> keys,
            List<String> sequenceBy,
            Optional<String> deleteWhen,
            boolean changeFeed,
            Optional<ChangeCapture> cdc,
            Optional<AmbiguousSequence> ambiguousSequence) {}

    /**
     * The definition; absent where the table's own keys are wrong, which is reported.
     *
     * @param body what is declared of the kind
     */
    abstract Optional<? extends KeyedDefinition> definition(
            YamlMap table, YamlMap body, Common common, PipelineFolder folder);

    /** Whether its SQL may join an input with tables without dates; {@code KeyedJoinCheck} then says which. */
    boolean joins() {
        return false;
    }

    @Override
    public Set<Trait> traits() {
        return KeyedDefinition.TRAITS;
    }

    @Override
    public boolean isRaw() {
        return false;
    }

    @Override
    public Optional<ParsedDefinition> read(YamlMap table, PipelineFolder folder) {
        Optional<YamlMap> declared = table.map(key(), remedy);
        if (declared.isEmpty()) {
            return Optional.empty();
        }
        YamlMap body = declared.get();
        refuseDated(body, folder);
        if (body.has("cdc") || body.has("from")) {
            return captured(table, body, folder);
        }
        if (body.has("epochs")) {
            folder.diagnostics()
                    .add(
                            body.location("epochs"),
                            "'epochs' without 'cdc': only captured changes come from sources",
                            "Take it out.");
        }
        Optional<Keys> keys = new KeysReader(folder.diagnostics()).read(body);
        Optional<String> deleteWhen = deleteWhen(body, folder);
        boolean changeFeed = changeFeed(body);
        Optional<AmbiguousSequence> ambiguous = ambiguousSequence(body, folder);
        Optional<SparkQuery> query = new QueryReader(folder).undated(body, key() + " table");
        query.ifPresent(sql -> checkQuery(sql, folder));
        if (query.isEmpty() || keys.isEmpty()) {
            return Optional.empty();
        }
        SparkQuery sql = query.get();
        Keys named = keys.get();
        Common common = new Common(
                sql.text(),
                values(named.keys()),
                values(named.sequenceBy()),
                deleteWhen,
                changeFeed,
                Optional.empty(),
                ambiguous);
        return definition(table, body, common, folder)
                .map(definition -> new ParsedDefinition(definition, sql.inputs(), Optional.of(sql.parsed()), named));
    }

    private static boolean changeFeed(YamlMap body) {
        return body.flag("change_feed", "Write true, which is the default, or false.")
                .orElse(true);
    }

    /** What to do where only the content of events decides; what is wrong is reported. */
    private static Optional<AmbiguousSequence> ambiguousSequence(YamlMap body, PipelineFolder folder) {
        String remedy =
                "Write `warn`, which is the default, or `fail`; a column more in sequence_by tells events apart.";
        Optional<SourceText> word = body.text(AMBIGUOUS_SEQUENCE, remedy);
        Optional<AmbiguousSequence> known = word.flatMap(text -> Stream.of(AmbiguousSequence.values())
                .filter(value -> value.toString().equals(text.value()))
                .findFirst());
        if (word.isPresent() && known.isEmpty()) {
            String written = word.get().value();
            folder.diagnostics()
                    .add(
                            word.get().location(),
                            written.equals("quarantine")
                                    ? "'quarantine' is not offered for events of equal sequence: which of them goes there would"
                                            + " depend on which is read first"
                                    : "'" + written + "' is no answer to events of equal sequence",
                            remedy);
        }
        return known;
    }

    /** Reads a table that is made of captured changes. */
    private Optional<ParsedDefinition> captured(YamlMap table, YamlMap body, PipelineFolder folder) {
        CaptureReader reader = new CaptureReader(folder, key());
        Optional<CaptureReader.Captured> read = reader.read(body);
        Optional<Keys> keys = new KeysReader(folder.diagnostics()).readCaptured(body);
        if (read.isEmpty() || keys.isEmpty()) {
            return Optional.empty();
        }
        CaptureReader.Captured captured = read.get();
        Common common = new Common(
                captured.sql(),
                values(keys.get().keys()),
                List.of(),
                Optional.empty(),
                changeFeed(body),
                Optional.of(captured.capture()),
                Optional.empty());
        return definition(table, body, common, folder)
                .map(definition -> new ParsedDefinition(
                        definition, List.of(captured.input()), Optional.of(captured.parsed()), keys.get()));
    }

    private void refuseDated(YamlMap body, PipelineFolder folder) {
        List<String> known = new ArrayList<>(KEYS);
        known.addAll(ownKeys);
        for (SourceText key : body.keys()) {
            if (DATED.containsKey(key.value())) {
                known.add(key.value());
                folder.diagnostics()
                        .add(
                                key.location(),
                                "'" + key.value() + "' of a " + key() + " table: " + DATED.get(key.value()),
                                "Take it out, or make it a daily table.");
            }
        }
        body.allow(key(), known, Map.of());
    }

    private static Optional<String> deleteWhen(YamlMap body, PipelineFolder folder) {
        String remedy = "Write a condition over the columns, such as \"row_status = 'delete'\".";
        Optional<SourceText> condition = body.text("delete_when", remedy);
        condition.ifPresent(text ->
                new ConditionCheck(folder.parser(), folder.diagnostics()).checkUndated(text, "condition", remedy));
        return condition.map(text -> text.value().strip());
    }

    /** Reports SQL that reads more tables than it may, or whose rows depend on which others of the table are read with them. */
    private void checkQuery(SparkQuery sql, PipelineFolder folder) {
        if (sql.inputs().size() > 1 && joins()) {
            return;
        }
        if (sql.inputs().size() > 1) {
            String tables =
                    sql.inputs().stream().map(input -> input.table().toString()).collect(Collectors.joining(" and "));
            folder.diagnostics()
                    .add(
                            sql.inputs().get(1).location(),
                            "the SQL of a " + key() + " table reads one table, and this one reads " + tables,
                            "Join them in a daily table that it reads, or in a view over it.");
        } else if (sql.parsed().mixesRows() && !sql.inputs().isEmpty()) {
            folder.diagnostics()
                    .add(
                            new SourceLocation(sql.file().name(), 1, 1),
                            "makes an event of several rows (it aggregates, joins, sorts, limits, compares or unites"
                                    + " rows), but a " + key() + " table is computed from new rows alone",
                            "Do that in a daily table that it reads; what stands of the events of a key needs no SQL.");
        }
    }

    private static List<String> values(List<SourceText> texts) {
        return texts.stream().map(SourceText::value).toList();
    }
}
