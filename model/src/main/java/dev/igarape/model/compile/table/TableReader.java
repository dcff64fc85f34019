package dev.igarape.model.compile.table;

import dev.igarape.model.AllowedLateness;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Definition;
import dev.igarape.model.Expectation;
import dev.igarape.model.HistoryDefinition;
import dev.igarape.model.Layer;
import dev.igarape.model.Retention;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reader of one entry of {@code tables}. */
public final class TableReader {
    /** What a table may say besides its kind. */
    private static final List<String> KEYS =
            List.of("description", "columns", "expect", "retention", "wait_for", "lateness", "all_refused");

    private static final List<Layer> LAYERS = List.of(Layer.RAW, Layer.TRUSTED, Layer.GOLD);
    private static final List<String> LAYER_NAMES = List.of("raw", "trusted", "gold");

    private final PipelineFolder folder;
    private final List<KindReader> kinds;
    private final List<String> names;
    private final Diagnostics diagnostics;
    private final ColumnsReader columns;
    private final ExpectationReader expectations;
    private final TimeReader times;
    private final KeysReader keys;

    public TableReader(PipelineFolder folder, List<KindReader> kinds) {
        this.folder = folder;
        this.kinds = kinds;
        this.names = kinds.stream().map(KindReader::key).toList();
        this.diagnostics = folder.diagnostics();
        this.columns = new ColumnsReader(diagnostics);
        this.expectations = new ExpectationReader(folder.parser(), diagnostics);
        this.times = new TimeReader(diagnostics);
        this.keys = new KeysReader(diagnostics);
    }

    /** Reads the table under this key; absent where it has no valid name. */
    public Optional<ParsedTable> read(SourceText key, YamlMap tables) {
        Optional<TableName> name = name(key);
        String remedy = "Say how it is built: " + alternatives() + ".";
        Optional<YamlMap> body = tables.map(key.value(), remedy);
        if (body.isEmpty()) {
            return name.map(n -> new ParsedTable(
                    n,
                    key.location(),
                    "",
                    Optional.empty(),
                    Optional.empty(),
                    Map.of(),
                    List.of(),
                    List.of(),
                    "forever",
                    Optional.empty(),
                    Optional.empty()));
        }
        YamlMap table = body.get();
        Map<String, String> later = later();
        table.allow("a table", Stream.concat(names.stream(), KEYS.stream()).toList(), later);
        Optional<KindReader> kind = kind(key, table, name, later.keySet());
        Optional<ParsedDefinition> parsed = kind.flatMap(reader -> reader.read(table, folder));
        ColumnsReader.Columns declared = columns(kind, table);
        parsed.ifPresent(read -> times.check(read, table, declared.types()));
        parsed.flatMap(ParsedDefinition::keys)
                .ifPresent(named -> keys.check(named, kind.orElseThrow().key(), table, declared.types()));
        parsed.filter(read -> read.definition() instanceof HistoryDefinition)
                .ifPresent(read -> keys.checkHistory(
                        read.keys().orElseThrow(), (HistoryDefinition) read.definition(), table, declared.types()));
        parsed.filter(read -> read.definition() instanceof CurrentDefinition current
                        && current.tombstones().isPresent())
                .ifPresent(read -> keys.checkTombstones(read.keys().orElseThrow(), table, declared.types()));
        Optional<Definition> definition = parsed.map(ParsedDefinition::definition)
                .map(read -> kind.orElseThrow().withSourceNames(read, declared.from()));
        List<Expectation> expected = refused("expect", kind, table)
                ? List.of()
                : expectations.read(
                        table,
                        parsed.flatMap(ParsedDefinition::parsed),
                        !isKeyed(kind),
                        parsed.flatMap(read -> read.definition().time()).isPresent());
        String retention = retention(kind, table);
        Optional<AllowedLateness> wait = waitFor(kind, table);
        String description = table.text("description", "Say in a sentence what a row of the table is.")
                .map(SourceText::value)
                .orElse("");
        List<ParsedTable.ParsedInput> inputs =
                parsed.map(ParsedDefinition::inputs).orElse(List.of());
        return name.map(n -> new ParsedTable(
                n,
                key.location(),
                description,
                kind,
                definition,
                declared.types(),
                inputs,
                expected,
                retention,
                wait,
                allRefused(kind, table, definition)));
    }

    /** The kinds as a sentence lists them: {@code landing, daily or view}. */
    private String alternatives() {
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    /** Keys that are known, but not supported by this version, with what to do instead. */
    private Map<String, String> later() {
        return Map.of(
                "append",
                Suggestion.useOneOf(names),
                "unique",
                "Take it out; an expectation on counts in a gold table comes near it.");
    }

    private Optional<TableName> name(SourceText key) {
        String name = key.value();
        try {
            TableName parsed = TableName.parse(name);
            if (LAYERS.contains(parsed.layer())) {
                return Optional.of(parsed);
            }
            diagnostics.add(
                    key.location(),
                    "layer " + parsed.layer() + " is filled by the platform itself",
                    "Declare tables in raw, trusted or gold.");
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            diagnostics.add(
                    key.location(),
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
            return ": '" + parts[0] + "' is no layer" + Suggestion.didYouMean(parts[0], LAYER_NAMES);
        }
        if (parts[1].startsWith("_") || parts[1].startsWith(".")) {
            return ": Hadoop hides what starts with '_' or '.'";
        }
        return parts[1].equals(parts[1].toLowerCase(Locale.ROOT)) ? "" : ": Hive keeps names in lower case";
    }

    /** The one kind that is declared and that this version knows; empty where there is none. */
    private Optional<KindReader> kind(SourceText key, YamlMap table, Optional<TableName> name, Set<String> later) {
        List<KindReader> declared =
                kinds.stream().filter(kind -> table.has(kind.key())).toList();
        if (declared.isEmpty()) {
            if (table.keys().stream().noneMatch(k -> later.contains(k.value()))) {
                diagnostics.add(
                        key.location(), key.value() + " does not say how it is built", Suggestion.useOneOf(names));
            }
            return Optional.empty();
        }
        if (declared.size() > 1) {
            diagnostics.add(
                    table.location(declared.get(1).key()),
                    key.value() + " is declared as "
                            + declared.stream().map(KindReader::key).collect(Collectors.joining(" and ")),
                    "A table is built in one way: keep one.");
            return Optional.empty();
        }
        KindReader kind = declared.get(0);
        if (name.isPresent() && kind.isRaw() != (name.get().layer() == Layer.RAW)) {
            diagnostics.add(
                    table.location(kind.key()),
                    key.value() + " is a " + kind.key() + ", which does not belong in "
                            + name.get().layer(),
                    kind.isRaw()
                            ? "Landings go to raw."
                            : "A " + kind.key() + " goes to trusted or gold; raw holds landings only.");
        }
        return Optional.of(kind);
    }

    /** Columns may be declared where they are built, and where a source gives them. */
    private ColumnsReader.Columns columns(Optional<KindReader> kind, YamlMap table) {
        boolean given = kind.filter(reader -> reader.hasSourceColumns(table)).isPresent();
        return !given && refused("columns", kind, table)
                ? ColumnsReader.NONE
                : columns.read(table, given, !isKeyed(kind));
    }

    /** Whether this key, which says something about a build's rows, stands on a table that is not built from others. */
    private boolean refused(String what, Optional<KindReader> kind, YamlMap table) {
        if (!table.has(what) || kind.isEmpty() || kind.get().traits().contains(Trait.PLANNED)) {
            return false;
        }
        diagnostics.add(
                table.location(what),
                "'" + what + "' on a " + kind.get().key() + ": "
                        + (kind.get().traits().contains(Trait.ROWS)
                                ? "it keeps what it receives"
                                : "it holds no rows of its own"),
                "Put it on the daily table that reads or feeds this one.");
        return true;
    }

    private Optional<AllowedLateness> waitFor(Optional<KindReader> kind, YamlMap table) {
        if (refused("wait_for", kind, table) || refused("lateness", kind, table)) {
            return Optional.empty();
        }
        String remedy = "Write `wait_for: complete`, with `lateness: 2 hours` if rows may come so long after a date.";
        Optional<SourceText> waitFor = table.text("wait_for", remedy);
        waitFor.filter(text -> !text.value().equals("complete"))
                .ifPresent(text ->
                        diagnostics.add(text.location(), "'" + text.value() + "' is nothing to wait for", remedy));
        if (table.has("lateness") && !table.has("wait_for")) {
            diagnostics.add(table.location("lateness"), "'lateness' without 'wait_for': nothing waits", remedy);
        }
        Optional<SourceText> lateness = table.text("lateness", remedy);
        Optional<AllowedLateness> wait = Optional.of(new AllowedLateness(0));
        if (lateness.isPresent()) {
            try {
                wait = Optional.of(AllowedLateness.parse(lateness.get().value()));
            } catch (IllegalArgumentException e) {
                diagnostics.add(
                        lateness.get().location(),
                        "'" + lateness.get().value() + "' is not a time to wait",
                        "Write for example `30 minutes`, `2 hours` or `1 day`.");
            }
        }
        return waitFor.isPresent() ? wait : Optional.empty();
    }

    /** Only tables that keep rows in quarantine can lose all of them to it. */
    private Optional<Table.AllRefused> allRefused(
            Optional<KindReader> kind, YamlMap table, Optional<Definition> definition) {
        String remedy = "Write `warn`, which is the default, or `fail`.";
        boolean keepsAll =
                definition.filter(d -> !d.traits().contains(Trait.QUARANTINED)).isPresent();
        if (table.has("all_refused") && (holdsNoRows(kind) || keepsAll)) {
            diagnostics.add(
                    table.location("all_refused"),
                    "'all_refused' on a table that puts no rows into quarantine",
                    "Take it out: it is for landings of topics and files, and for daily, current and history tables.");
            return Optional.empty();
        }
        Optional<SourceText> word = table.text("all_refused", remedy);
        Optional<Table.AllRefused> known = word.flatMap(text -> Stream.of(Table.AllRefused.values())
                .filter(value -> value.toString().equals(text.value()))
                .findFirst());
        if (word.isPresent() && known.isEmpty()) {
            diagnostics.add(
                    word.get().location(), "'" + word.get().value() + "' is no answer to rows all refused", remedy);
        }
        return known;
    }

    private static boolean isKeyed(Optional<KindReader> kind) {
        return kind.filter(reader -> reader.traits().contains(Trait.KEYED)).isPresent();
    }

    private static boolean holdsNoRows(Optional<KindReader> kind) {
        return kind.filter(reader -> !reader.traits().contains(Trait.ROWS)).isPresent();
    }

    private static boolean isRetention(String text) {
        try {
            Retention.parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String retention(Optional<KindReader> kind, YamlMap table) {
        String remedy = "Write for example `7 days`, `48 hours` or `forever`; it counts from the commit.";
        if (holdsNoRows(kind) && table.has("retention")) {
            diagnostics.add(
                    table.location("retention"),
                    "'retention' on a " + kind.orElseThrow().key() + ": it holds no rows of its own",
                    "Take it out.");
            return "forever";
        }
        Optional<SourceText> retention = table.anyScalar("retention", remedy);
        retention
                .filter(text -> !isRetention(text.value()))
                .ifPresent(text -> diagnostics.add(
                        text.location(), "'" + text.value() + "' is not a time to keep commits", remedy));
        retention
                .filter(text -> isKeyed(kind) && isRetention(text.value()))
                .filter(text -> !Retention.parse(text.value()).equals(Retention.parse("forever")))
                .ifPresent(text -> diagnostics.add(
                        text.location(),
                        "'retention' of a " + kind.orElseThrow().key()
                                + " table: a row stays until an event of its key replaces or deletes it",
                        "Take it out, or write `forever`; what is to go is what `delete_when` says."));
        return retention.map(SourceText::value).orElse("forever");
    }
}
