package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
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

/** {@code current}: the latest row of each key, of the events that Spark SQL gives over the inputs of each date. */
final class CurrentKindReader implements KindReader {
    private static final String REMEDY =
            "Write `current: {sql: customers.sql, keys: [customer_id], sequence_by: [updated_at]}`.";
    private static final List<String> KEYS = List.of("sql", "keys", "sequence_by", "delete_when", "change_feed");
    /** What daily tables may say and a current one may not, and what that is for. */
    private static final Map<String, String> DATED = Map.of(
            "inputs", "its events come from every date of what it reads, so there is no earlier date to add",
            "interval", "it is not computed by dates, so it has no parts of them",
            "time", "its rows are of no date, so no table reads them by time");

    @Override
    public String key() {
        return "current";
    }

    @Override
    public Class<Definition.Current> definition() {
        return Definition.Current.class;
    }

    @Override
    public Set<Trait> traits() {
        return Definition.Current.TRAITS;
    }

    @Override
    public boolean isRaw() {
        return false;
    }

    @Override
    public Optional<ParsedDefinition> read(YamlMap table, PipelineFolder folder) {
        Optional<YamlMap> current = table.map(key(), REMEDY);
        if (current.isEmpty()) {
            return Optional.empty();
        }
        YamlMap body = current.get();
        refuseDated(body, folder);
        Optional<Keys> keys = new KeysReader(folder.diagnostics()).read(body);
        Optional<String> deleteWhen = deleteWhen(body, folder);
        boolean changeFeed = body.flag("change_feed", "Write true, which is the default, or false.")
                .orElse(true);
        Optional<SparkQuery> query = new QueryReader(folder).undated(body);
        query.ifPresent(sql -> checkQuery(sql, folder));
        return query.flatMap(sql -> keys.map(named -> new ParsedDefinition(
                new Definition.Current(
                        sql.text(), values(named.keys()), values(named.sequenceBy()), deleteWhen, changeFeed),
                sql.inputs(),
                Optional.of(sql.parsed()),
                named)));
    }

    private static void refuseDated(YamlMap body, PipelineFolder folder) {
        List<String> known = new ArrayList<>(KEYS);
        for (SourceText key : body.keys()) {
            if (DATED.containsKey(key.value())) {
                known.add(key.value());
                folder.diagnostics()
                        .add(
                                key.location(),
                                "'" + key.value() + "' of a current table: " + DATED.get(key.value()),
                                "Take it out, or make it a daily table.");
            }
        }
        body.allow("current", known, Map.of());
    }

    private static Optional<String> deleteWhen(YamlMap body, PipelineFolder folder) {
        String remedy = "Write a condition over the columns, such as \"row_status = 'delete'\".";
        Optional<SourceText> condition = body.text("delete_when", remedy);
        condition.ifPresent(text ->
                new ConditionCheck(folder.parser(), folder.diagnostics()).checkUndated(text, "condition", remedy));
        return condition.map(text -> text.value().strip());
    }

    /** Reports SQL that reads more than one table, or whose rows depend on which others are read with them. */
    private static void checkQuery(SparkQuery sql, PipelineFolder folder) {
        if (sql.inputs().size() > 1) {
            String tables =
                    sql.inputs().stream().map(input -> input.table().toString()).collect(Collectors.joining(" and "));
            folder.diagnostics()
                    .add(
                            sql.inputs().get(1).location(),
                            "the SQL of a current table reads one table, and this one reads " + tables,
                            "Join them in a daily table that it reads, or in a view over it.");
        } else if (sql.parsed().mixesRows() && !sql.inputs().isEmpty()) {
            folder.diagnostics()
                    .add(
                            new SourceLocation(sql.file().name(), 1, 1),
                            "makes an event of several rows (it aggregates, joins, sorts, limits, compares or unites"
                                    + " rows), but a current table is computed from new rows alone",
                            "Do that in a daily table that it reads; the latest event of each key needs no SQL.");
        }
    }

    private static List<String> values(List<SourceText> texts) {
        return texts.stream().map(SourceText::value).toList();
    }
}
