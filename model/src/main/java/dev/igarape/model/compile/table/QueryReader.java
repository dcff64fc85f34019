package dev.igarape.model.compile.table;

import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Refresh;
import dev.igarape.model.TableName;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.query.DeterminismCheck;
import dev.igarape.model.compile.query.SqlFile;
import dev.igarape.model.compile.query.TrinoTableReferences;
import dev.igarape.model.compile.table.ParsedTable.ParsedInput;
import dev.igarape.model.compile.table.TimeReader.Lookback;
import dev.igarape.model.compile.yaml.YamlMap;
import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import dev.igarape.model.sql.SqlTemplate;
import dev.igarape.model.sql.SqlText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reader of {@code daily} and {@code view}, and of the SQL files of these and other kinds. */
final class QueryReader {
    private static final String SQL_REMEDY = "Name a file beside pipeline.yaml: `sql: orders.sql`.";
    private static final String TABLE_REMEDY = "Name tables as <layer>.<name>, such as raw.orders.";
    private static final String FROM_REMEDY =
            "List the tables that the view reads: `from: [gold.orders, gold.customers]`.";
    private static final String INPUTS_REMEDY = "Write the input and what is to be said of it:"
            + " `inputs: {trusted.orders: {lookback: 2}, trusted.customers: {refresh: always}}`.";
    private static final String REFRESH_REMEDY = "Write `never`, which is the default, `always` or `validity`.";
    /** Trino's catalog of the lake, which a view may name or leave out. */
    private static final String CATALOG = "lake";

    private static final Pattern RUN_DATE = Pattern.compile("\\{(run_date|next_date)}");

    private final Path folder;
    private final String folderName;
    private final SqlParser parser;
    private final Diagnostics diagnostics;
    private final TimeReader times;

    QueryReader(PipelineFolder folder) {
        this.folder = folder.path();
        this.folderName = folder.name();
        this.parser = folder.parser();
        this.diagnostics = folder.diagnostics();
        this.times = new TimeReader(diagnostics);
    }

    /** Reads the table's {@code daily}; absent where its SQL is wrong. */
    Optional<ParsedDefinition> daily(YamlMap table) {
        Optional<YamlMap> daily = table.map("daily", "Write `daily: {sql: orders.sql}`.");
        if (daily.isEmpty()) {
            return Optional.empty();
        }
        YamlMap body = daily.get();
        body.allow("daily", List.of("sql", "interval", "time", "inputs"), Map.of());
        Optional<SourceText> time = times.time(body);
        // Without a time they can't be told apart, which is reported.
        Optional<Duration> interval = times.interval(body).filter(length -> time.isPresent());
        Map<TableName, ParsedInput> declared = declaredInputs(body);
        return sql(body, SqlText.Dialect.SPARK)
                .flatMap(sql -> query(sql, declared))
                .map(query -> new ParsedDefinition(
                        new DailyDefinition(query.text(), time.map(SourceText::value), interval),
                        query.inputs(),
                        Optional.of(query.parsed()),
                        time,
                        Optional.empty()));
    }

    /**
     * A table's Spark SQL.
     *
     * @param inputs tables that it reads
     */
    record SparkQuery(SqlFile file, ParsedSql parsed, List<ParsedInput> inputs) {
        String text() {
            return file.text();
        }
    }

    /**
     * Reads {@code sql} of a table that is not built by dates; absent where it is wrong.
     *
     * @param kind what messages call the table
     */
    Optional<SparkQuery> undated(YamlMap body, String kind) {
        return sql(body, SqlText.Dialect.SPARK)
                .filter(sql -> !isDated(sql, kind))
                .flatMap(sql -> query(sql, Map.of()));
    }

    private Optional<SqlFile> sql(YamlMap body, SqlText.Dialect dialect) {
        return body.required("sql", SQL_REMEDY)
                .flatMap(file -> SqlFile.read(folder, folderName, file, dialect, diagnostics));
    }

    private Optional<SparkQuery> query(SqlFile sql, Map<TableName, ParsedInput> declared) {
        return parse(sql).map(parsed -> new SparkQuery(sql, parsed, inputs(sql, parsed, declared)));
    }

    /** Reads the table's {@code view}; absent where its SQL is wrong. */
    Optional<ParsedDefinition> view(YamlMap table) {
        Optional<YamlMap> view = table.map("view", "Write `view: {sql: orders.sql, from: [gold.orders]}`.");
        if (view.isEmpty()) {
            return Optional.empty();
        }
        YamlMap body = view.get();
        body.allow("a view", List.of("sql", "from"), Map.of());
        List<ParsedInput> inputs = from(body);
        return sql(body, SqlText.Dialect.TRINO)
                .filter(file -> isView(file, inputs))
                .map(file -> new ParsedDefinition(new ViewDefinition(file.text()), inputs, Optional.empty()));
    }

    /** Whether Trino can parse it; reports what else is wrong. */
    private boolean isView(SqlFile sql, List<ParsedInput> inputs) {
        if (isDated(sql, "view")) {
            return false;
        }
        try {
            declared(sql, inputs);
            return true;
        } catch (SqlParser.SqlSyntaxException e) {
            syntax(sql, "Trino", e);
            return false;
        }
    }

    private Optional<ParsedSql> parse(SqlFile sql) {
        List<SqlTemplate.PlaceholderError> errors = SqlTemplate.errors(sql.text());
        for (SqlTemplate.PlaceholderError error : errors) {
            diagnostics.add(
                    new SourceLocation(sql.name(), error.line(), error.column()), error.problem(), error.remedy());
        }
        if (!errors.isEmpty()) {
            return Optional.empty();
        }
        try {
            ParsedSql parsed = parser.parse(SqlTemplate.forParsing(sql.text()));
            new DeterminismCheck(use -> new SourceLocation(sql.name(), use.line(), use.column()), diagnostics)
                    .check(parsed);
            return Optional.of(parsed);
        } catch (SqlParser.SqlSyntaxException e) {
            syntax(sql, "Spark", e);
            return Optional.empty();
        }
    }

    private void syntax(SqlFile sql, String engine, SqlParser.SqlSyntaxException e) {
        diagnostics.add(
                new SourceLocation(sql.name(), e.line(), e.column()),
                engine + " can't parse it: " + Diagnostics.sentence(e.getMessage()),
                "Mend the query here or just before.");
    }

    private List<ParsedInput> inputs(SqlFile sql, ParsedSql parsed, Map<TableName, ParsedInput> declared) {
        Map<TableName, ParsedInput> inputs = new LinkedHashMap<>();
        for (String name : parsed.tables()) {
            SourceLocation location = sql.find(name);
            table(new SourceText(name.toLowerCase(Locale.ROOT), location)).ifPresent(table -> {
                ParsedInput said = declared.getOrDefault(table, new ParsedInput(table, location));
                inputs.put(table, said.at(location));
            });
        }
        if (parsed.tables().isEmpty()) {
            diagnostics.add(
                    new SourceLocation(sql.name(), 1, 1),
                    "the query reads no table",
                    "It is built from others: name one in FROM.");
        }
        for (ParsedInput input : declared.values()) {
            if (!inputs.containsKey(input.table())) {
                List<String> read =
                        inputs.keySet().stream().map(TableName::toString).toList();
                diagnostics.add(
                        input.location(),
                        "input " + input.table() + " is not read by " + sql.name()
                                + Suggestion.didYouMean(input.table().toString(), read),
                        "Take it out; inputs are found in the SQL and are listed only to say more of them.");
            }
        }
        return List.copyOf(inputs.values());
    }

    private Map<TableName, ParsedInput> declaredInputs(YamlMap body) {
        Map<TableName, ParsedInput> declared = new LinkedHashMap<>();
        body.map("inputs", INPUTS_REMEDY).ifPresent(inputs -> {
            for (SourceText key : inputs.keys()) {
                Optional<YamlMap> input = inputs.map(key.value(), INPUTS_REMEDY);
                input.ifPresent(map -> map.allow("an input", List.of("lookback", "refresh"), Map.of()));
                table(key).ifPresent(name -> {
                    Lookback lookback = input.map(map -> times.lookback(name, map, body.has("interval")))
                            .orElse(Lookback.NONE);
                    declared.put(
                            name,
                            new ParsedInput(
                                    name,
                                    lookback.dates(),
                                    lookback.time(),
                                    input.flatMap(this::refresh),
                                    key.location(),
                                    key.location()));
                });
            }
        });
        return declared;
    }

    private Optional<Refresh> refresh(YamlMap input) {
        Optional<SourceText> word = input.text("refresh", REFRESH_REMEDY);
        Optional<Refresh> known = word.flatMap(text -> Stream.of(Refresh.values())
                .filter(refresh -> refresh.toString().equals(text.value()))
                .findFirst());
        if (word.isPresent() && known.isEmpty()) {
            diagnostics.add(
                    word.get().location(),
                    "'" + word.get().value() + "' is no answer to changes of an input",
                    REFRESH_REMEDY);
        }
        return known;
    }

    private List<ParsedInput> from(YamlMap body) {
        List<ParsedInput> inputs = new ArrayList<>();
        Set<TableName> seen = new LinkedHashSet<>();
        for (SourceText text : body.requiredTexts("from", FROM_REMEDY)) {
            table(text).ifPresent(name -> {
                if (seen.add(name)) {
                    inputs.add(new ParsedInput(name, text.location()));
                } else {
                    diagnostics.add(text.location(), name + " is given twice", "Keep one of them.");
                }
            });
        }
        return inputs;
    }

    /** Reports where a table that is of no date asks for one, in its code or in a string. */
    private boolean isDated(SqlFile sql, String kind) {
        List<MatchResult> dates = Stream.of(sql.scanned().code(), sql.scanned().strings())
                .flatMap(text -> RUN_DATE.matcher(text).results())
                .toList();
        for (MatchResult date : dates) {
            diagnostics.add(
                    sql.location(date.start()),
                    date.group() + " in a " + kind + ": a " + kind + " has no date of its own",
                    "Filter by the column date, or make it a daily table.");
        }
        return !dates.isEmpty();
    }

    /** Compares what the view's SQL reads with what it declares. */
    private void declared(SqlFile sql, List<ParsedInput> inputs) {
        Set<String> names =
                inputs.stream().map(input -> input.table().toString()).collect(Collectors.toSet());
        Set<String> read = new HashSet<>();
        for (TrinoTableReferences.TableReference table : TrinoTableReferences.of(sql.text())) {
            List<String> parts = table.parts();
            boolean catalogued = parts.size() == 3 && parts.get(0).equals(CATALOG);
            String name = String.join(".", catalogued ? parts.subList(1, 3) : parts);
            if (read.add(name) && !names.contains(name)) {
                diagnostics.add(
                        sql.location(table.position()),
                        "the view reads " + name + ", which its `from` does not list"
                                + Suggestion.didYouMean(name, names),
                        isTable(name)
                                ? "Add it to `from`, so that the view follows its inputs."
                                : "A view reads tables of the lake, named as <layer>.<name>.");
            }
        }
        for (ParsedInput input : inputs) {
            if (!read.contains(input.table().toString())) {
                diagnostics.add(
                        input.location(),
                        sql.name() + " does not read " + input.table(),
                        "Take it out of `from`, or read it.");
            }
        }
    }

    private static boolean isTable(String name) {
        try {
            TableName.parse(name);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Optional<TableName> table(SourceText text) {
        try {
            return Optional.of(TableName.parse(text.value()));
        } catch (IllegalArgumentException e) {
            diagnostics.add(text.location(), "'" + text.value() + "' is not a table of the lake", TABLE_REMEDY);
            return Optional.empty();
        }
    }
}
