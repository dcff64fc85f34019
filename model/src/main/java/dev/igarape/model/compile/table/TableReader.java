package dev.igarape.model.compile.table;

import dev.igarape.model.AllowedLateness;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.Layer;
import dev.igarape.model.Retention;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.landing.LandingReader;
import dev.igarape.model.compile.yaml.YamlMap;
import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads one entry of {@code tables}. */
public final class TableReader {
    private static final List<String> KINDS = List.of("landing", "daily", "view");
    private static final List<String> KEYS = List.of(
            "landing",
            "daily",
            "view",
            "description",
            "columns",
            "expect",
            "retention",
            "wait_for",
            "lateness",
            "all_refused");
    private static final Map<String, String> NOT_YET = Map.of(
            "append", Suggestion.use(KINDS),
            "current", Suggestion.use(KINDS),
            "history", Suggestion.use(KINDS),
            "unique", "Take it out; an expectation on counts in a gold table comes near it.");
    private static final List<Layer> LAYERS = List.of(Layer.RAW, Layer.TRUSTED, Layer.GOLD);
    private static final List<String> LAYER_NAMES = List.of("raw", "trusted", "gold");

    private final Diagnostics faults;
    private final ColumnsReader columns;
    private final LandingReader landings;
    private final QueryReader queries;
    private final ExpectationReader expectations;

    public TableReader(Path folder, String folderName, SqlParser parser, Diagnostics faults) {
        this.faults = faults;
        this.columns = new ColumnsReader(faults);
        this.landings = new LandingReader(folder, folderName, faults);
        this.queries = new QueryReader(folder, folderName, parser, faults);
        this.expectations = new ExpectationReader(parser, faults);
    }

    /** Reads the table under this key; absent where it has no valid name. */
    public Optional<ParsedTable> read(SourceText key, YamlMap tables) {
        Optional<TableName> name = name(key);
        String remedy = "Say how it is built: landing, daily or view.";
        Optional<YamlMap> body = tables.map(key.value(), remedy);
        if (body.isEmpty()) {
            return name.map(n -> new ParsedTable(
                    n,
                    key.place(),
                    "",
                    "",
                    Optional.empty(),
                    Map.of(),
                    List.of(),
                    List.of(),
                    "forever",
                    Optional.empty(),
                    Optional.empty()));
        }
        YamlMap table = body.get();
        table.allow("a table", KEYS, NOT_YET);
        String kind = kind(key, table, name);
        Optional<QueryReader.Query> query = query(kind, table);
        Optional<Definition> definition = kind.equals("landing")
                ? landings.read(table).map(Definition.Landing::new)
                : query.map(QueryReader.Query::definition);
        ColumnsReader.Columns declared = columns(kind, table);
        List<Expectation> expected = expect(kind, table, query.flatMap(QueryReader.Query::parsed));
        String retention = retention(kind, table);
        Optional<AllowedLateness> wait = waitFor(kind, table);
        String description = table.text("description", "Say in a sentence what a row of the table is.")
                .map(SourceText::value)
                .orElse("");
        List<ParsedTable.InputDraft> inputs =
                query.map(QueryReader.Query::inputs).orElse(List.of());
        return name.map(n -> new ParsedTable(
                n,
                key.place(),
                description,
                kind,
                definition.map(d -> from(d, declared.from())),
                declared.types(),
                inputs,
                expected,
                retention,
                wait,
                allRefused(kind, table, definition)));
    }

    private Optional<TableName> name(SourceText key) {
        String name = key.value();
        try {
            TableName parsed = TableName.parse(name);
            if (LAYERS.contains(parsed.layer())) {
                return Optional.of(parsed);
            }
            faults.add(
                    key.place(),
                    "layer " + parsed.layer() + " is filled by the platform itself",
                    "Declare tables in raw, trusted or gold.");
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            faults.add(
                    key.place(),
                    "'" + name + "' is not a table name" + why(name),
                    "Write <layer>.<name>, such as trusted.orders, with lower-case letters, digits and underscores,"
                            + " starting with a letter.");
            return Optional.empty();
        }
    }

    private static String why(String name) {
        String[] parts = name.split("\\.", 2);
        if (parts.length < 2) {
            return ": the layer is missing";
        }
        if (!LAYER_NAMES.contains(parts[0])) {
            return ": '" + parts[0] + "' is no layer" + Suggestion.hint(parts[0], LAYER_NAMES);
        }
        if (parts[1].startsWith("_") || parts[1].startsWith(".")) {
            return ": Hadoop hides what starts with '_' or '.'";
        }
        return parts[1].equals(parts[1].toLowerCase(Locale.ROOT)) ? "" : ": Hive keeps names in lower case";
    }

    /** The one kind that is declared and that this version knows; empty where there is none. */
    private String kind(SourceText key, YamlMap table, Optional<TableName> name) {
        List<String> declared = KINDS.stream().filter(table::has).toList();
        if (declared.isEmpty()) {
            if (table.keys().stream().noneMatch(k -> NOT_YET.containsKey(k.value()))) {
                faults.add(key.place(), key.value() + " does not say how it is built", Suggestion.use(KINDS));
            }
            return "";
        }
        if (declared.size() > 1) {
            faults.add(
                    table.place(declared.get(1)),
                    key.value() + " is declared as " + String.join(" and ", declared),
                    "A table is built in one way: keep one.");
            return "";
        }
        String kind = declared.get(0);
        boolean raw = kind.equals("landing");
        if (name.isPresent() && raw != (name.get().layer() == Layer.RAW)) {
            faults.add(
                    table.place(kind),
                    key.value() + " is a " + kind + ", which does not belong in "
                            + name.get().layer(),
                    raw ? "Landings go to raw." : "A " + kind + " goes to trusted or gold; raw holds landings only.");
        }
        return kind;
    }

    private Optional<QueryReader.Query> query(String kind, YamlMap table) {
        switch (kind) {
            case "daily":
                return queries.daily(table);
            case "view":
                return queries.view(table);
            default:
                return Optional.empty();
        }
    }

    /** Columns may be declared where they are built, and where a database gives them. */
    private ColumnsReader.Columns columns(String kind, YamlMap table) {
        boolean given = kind.equals("landing")
                && table.isMap("landing")
                && table.map("landing", "")
                        .filter(landing -> landing.has("jdbc"))
                        .isPresent();
        return !given && refused("columns", kind, table) ? ColumnsReader.NONE : columns.read(table, given);
    }

    /** The definition, with the names that a database has for the columns. */
    private static Definition from(Definition definition, Map<String, String> names) {
        return definition instanceof Definition.Landing landing && landing.source() instanceof Source.Jdbc jdbc
                ? new Definition.Landing(jdbc.from(names))
                : definition;
    }

    private List<Expectation> expect(String kind, YamlMap table, Optional<ParsedSql> query) {
        return refused("expect", kind, table) ? List.of() : expectations.read(table, query);
    }

    /** Whether this key, which says something about a build's rows, stands on a table that is no daily one. */
    private boolean refused(String what, String kind, YamlMap table) {
        if (!table.has(what) || kind.equals("daily") || kind.isEmpty()) {
            return false;
        }
        faults.add(
                table.place(what),
                "'" + what + "' on a " + kind + ": "
                        + (kind.equals("landing") ? "it keeps what it receives" : "it holds no rows of its own"),
                "Put it on the daily table that reads or feeds this one.");
        return true;
    }

    private Optional<AllowedLateness> waitFor(String kind, YamlMap table) {
        if (refused("wait_for", kind, table) || refused("lateness", kind, table)) {
            return Optional.empty();
        }
        String remedy = "Write `wait_for: complete`, with `lateness: 2 hours` if rows may come so long after a date.";
        Optional<SourceText> waitFor = table.text("wait_for", remedy);
        waitFor.filter(text -> !text.value().equals("complete"))
                .ifPresent(text -> faults.add(text.place(), "'" + text.value() + "' is nothing to wait for", remedy));
        if (table.has("lateness") && !table.has("wait_for")) {
            faults.add(table.place("lateness"), "'lateness' without 'wait_for': nothing waits", remedy);
        }
        Optional<SourceText> lateness = table.text("lateness", remedy);
        Optional<AllowedLateness> wait = Optional.of(new AllowedLateness(0));
        if (lateness.isPresent()) {
            try {
                wait = Optional.of(AllowedLateness.parse(lateness.get().value()));
            } catch (IllegalArgumentException e) {
                faults.add(
                        lateness.get().place(),
                        "'" + lateness.get().value() + "' is not a time to wait",
                        "Write for example `30 minutes`, `2 hours` or `1 day`.");
            }
        }
        return waitFor.isPresent() ? wait : Optional.empty();
    }

    /** Only tables that keep rows in quarantine can lose all of them to it. */
    private Optional<Table.AllRefused> allRefused(String kind, YamlMap table, Optional<Definition> definition) {
        String remedy = "Write `warn`, which is the default, or `fail`.";
        boolean keepsAll = definition
                .filter(d -> d instanceof Definition.Landing landing
                        && (landing.source() instanceof Source.Http || landing.source() instanceof Source.Jdbc))
                .isPresent();
        if (table.has("all_refused") && (kind.equals("view") || keepsAll)) {
            faults.add(
                    table.place("all_refused"),
                    "'all_refused' on a table that puts no rows into quarantine",
                    "Take it out: it is for landings of topics and files, and for daily tables.");
            return Optional.empty();
        }
        Optional<SourceText> word = table.text("all_refused", remedy);
        Optional<Table.AllRefused> known = word.flatMap(text -> Stream.of(Table.AllRefused.values())
                .filter(value -> value.toString().equals(text.value()))
                .findFirst());
        if (word.isPresent() && known.isEmpty()) {
            faults.add(word.get().place(), "'" + word.get().value() + "' is no answer to rows all refused", remedy);
        }
        return known;
    }

    private static boolean isRetention(String text) {
        try {
            Retention.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String retention(String kind, YamlMap table) {
        String remedy = "Write for example `7 days`, `48 hours` or `forever`; it counts from the commit.";
        if (kind.equals("view") && table.has("retention")) {
            faults.add(table.place("retention"), "'retention' on a view: it holds no rows of its own", "Take it out.");
            return "forever";
        }
        Optional<SourceText> retention = table.anyScalar("retention", remedy);
        retention
                .filter(text -> !isRetention(text.value()))
                .ifPresent(text ->
                        faults.add(text.place(), "'" + text.value() + "' is not a time to keep commits", remedy));
        return retention.map(SourceText::value).orElse("forever");
    }
}
