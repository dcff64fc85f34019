package dev.igarape.model.compile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.model.DateRange;
import dev.igarape.model.Definition;
import dev.igarape.model.ExitCode;
import dev.igarape.model.Expectation;
import dev.igarape.model.Fixture;
import dev.igarape.model.Input;
import dev.igarape.model.LakeException;
import dev.igarape.model.Layer;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the tests of pipelines, {@code pipelines/<pipeline>/tests/<name>.yaml} with CSV files beside them. */
public final class Fixtures {
    private static final List<String> KEYS = List.of("description", "date", "given", "expect");
    private static final String START = "given: {raw.orders: […]}";
    private static final String ROWS_REMEDY = "Write rows, `- {id: 1, name: ana}`, or name a file, `csv: orders.csv`.";

    private final Path project;
    private final Manifest manifest;
    private final Faults faults = new Faults();

    private Fixtures(Path project, Manifest manifest) {
        this.project = project;
        this.manifest = manifest;
    }

    /**
     * All tests of a pipeline, by name; none where it has no folder {@code tests}.
     *
     * @throws LakeException with {@link ExitCode#DEFINITION} that lists every fault of the files
     */
    public static List<Fixture> read(Path project, Manifest manifest, Pipeline pipeline) {
        return new Fixtures(project, manifest).read(pipeline);
    }

    private List<Fixture> read(Pipeline pipeline) {
        String folder = "pipelines/" + pipeline.name();
        List<Fixture> fixtures = new ArrayList<>();
        for (Path file : files(project.resolve(folder).resolve("tests"))) {
            String name = folder + "/tests/" + file.getFileName();
            YamlFile.read(file, name, START, faults)
                    .ifPresent(root -> fixtures.add(fixture(pipeline, folder, file, name, root)));
        }
        if (!faults.all().isEmpty()) {
            new Compilation.Faulty(faults.all()).orThrow();
        }
        return fixtures;
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new LakeException(ExitCode.USAGE, "Cannot list " + folder + ": " + e + ".", e);
        }
    }

    private Fixture fixture(Pipeline pipeline, String folder, Path file, String name, YamlMap root) {
        root.allow("a test", KEYS, Map.of());
        root.text("description", "Say in a sentence what is tested.");
        Map<TableName, List<ObjectNode>> given = new LinkedHashMap<>();
        root.map("given", "Write tables and their rows.").ifPresent(tables -> {
            for (Text key : tables.keys()) {
                table(key, false).ifPresent(table -> {
                    List<ObjectNode> rows = rows(tables, key, file, folder);
                    if (isGivable(table, key)) {
                        columns(table, key, rows, true);
                        given.put(table.name(), rows);
                    }
                });
            }
        });
        Map<TableName, Fixture.Expected> expected = new LinkedHashMap<>();
        String remedy = "Write tables and the rows that they should hold.";
        if (!root.has("expect")) {
            faults.add(root.place(), "'expect' is missing", remedy);
        }
        root.map("expect", remedy).ifPresent(tables -> {
            for (Text key : tables.keys()) {
                table(key, true)
                        .filter(table -> isBuilt(table, key, pipeline, given))
                        .ifPresent(table ->
                                expected.put(TableName.parse(key.value()), expected(tables, key, table, file, folder)));
                table(key, true).ifPresent(table -> complete(table, key, given, new HashSet<>()));
            }
        });
        LocalDate date = root.text("date", "Write the date to build as yyyy-mm-dd.")
                .flatMap(this::date)
                .orElse(pipeline.startDate());
        String title = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
        return new Fixture(pipeline.name(), title, folder, date, given, expected);
    }

    private Optional<LocalDate> date(Text text) {
        try {
            return Optional.of(DateRange.parseDate("date", text.value()));
        } catch (LakeException e) {
            faults.add(text.place(), "'" + text.value() + "' is not a date", "Write it as yyyy-mm-dd.");
            return Optional.empty();
        }
    }

    /** The declared table of this name; for a quarantine, the table that it belongs to. */
    private Optional<Table> table(Text key, boolean quarantineToo) {
        List<String> names = new ArrayList<>();
        for (Pipeline pipeline : manifest.pipelines()) {
            for (Table table : pipeline.tables()) {
                String name = table.name().toString();
                String quarantine = table.name().quarantine().toString();
                if (key.value().equals(name) || (quarantineToo && key.value().equals(quarantine))) {
                    return Optional.of(table);
                }
                names.add(name);
            }
        }
        faults.add(
                key.place(),
                "no pipeline declares " + key.value() + Nearest.hint(key.value(), names),
                quarantineToo
                        ? "Name a daily table, or its quarantine: quarantine.<layer>_<name>."
                        : "Name a table that the tested ones read.");
        return Optional.empty();
    }

    private boolean isGivable(Table table, Text key) {
        if (table.definition() instanceof Definition.View) {
            faults.add(key.place(), key.value() + " is a view, which nothing but Trino reads", "Take it out.");
            return false;
        }
        boolean typed = table.definition() instanceof Definition.Daily || isOfDatabase(table);
        if (typed && table.columns().isEmpty()) {
            faults.add(
                    key.place(),
                    key.value() + " declares no columns, so that rows given to it have no types",
                    "Declare its columns in pipeline.yaml, or give rows to the tables that it reads.");
            return false;
        }
        return true;
    }

    /** Whether a database gives the table's columns, of which a test knows those that are declared. */
    private static boolean isOfDatabase(Table table) {
        return table.definition() instanceof Definition.Landing landing && landing.source() instanceof Source.Jdbc;
    }

    private boolean isBuilt(Table table, Text key, Pipeline pipeline, Map<TableName, List<ObjectNode>> given) {
        boolean own = pipeline.tables().stream().anyMatch(t -> t.name().equals(table.name()));
        if (!(table.definition() instanceof Definition.Daily) || !own) {
            faults.add(
                    key.place(),
                    key.value() + " is no daily table of " + pipeline.name() + ", so that a test can't build it",
                    "Expect rows of daily tables and of their quarantine.");
            return false;
        }
        if (given.containsKey(table.name())) {
            faults.add(key.place(), "the rows of " + table.name() + " are given, not built", "Give or expect them.");
            return false;
        }
        return true;
    }

    /** Reports what this table reads and what is neither given nor can be built. */
    private void complete(Table table, Text key, Map<TableName, List<ObjectNode>> given, Set<TableName> seen) {
        for (Input input : table.inputs()) {
            if (given.containsKey(input.table()) || !seen.add(input.table())) {
                continue;
            }
            Optional<Table> read = manifest.table(input.table());
            if (read.isPresent() && read.get().definition() instanceof Definition.Daily) {
                complete(read.get(), key, given, seen);
            } else {
                faults.add(
                        key.place(),
                        table.name() + " reads " + input.table() + ", which is not given",
                        "Add it under `given`; `[]` means no rows.");
            }
        }
    }

    private Fixture.Expected expected(YamlMap tables, Text key, Table table, Path file, String folder) {
        Optional<YamlMap> map = tables.isMap(key.value()) ? tables.map(key.value(), ROWS_REMEDY) : Optional.empty();
        if (map.filter(m -> m.has("fails")).isEmpty()) {
            List<ObjectNode> rows = rows(tables, key, file, folder);
            if (!key.value().startsWith(Layer.QUARANTINE + ".")) {
                columns(table, key, rows, false);
            }
            return new Fixture.Expected(rows, Optional.empty());
        }
        map.get().allow("an expected failure", List.of("fails"), Map.of());
        List<String> failing = table.expectations().stream()
                .filter(e -> e.onFail() == Expectation.Action.FAIL)
                .map(Expectation::name)
                .toList();
        Optional<Text> name = map.get().text("fails", "Name the expectation that refuses the build.");
        name.filter(text -> !failing.contains(text.value()))
                .ifPresent(text -> faults.add(
                        text.place(),
                        table.name() + " has no expectation '" + text.value() + "' with on_fail: fail"
                                + Nearest.hint(text.value(), failing),
                        "Name one that has."));
        return new Fixture.Expected(List.of(), Optional.of(name.map(Text::value).orElse("")));
    }

    private List<ObjectNode> rows(YamlMap tables, Text key, Path file, String folder) {
        if (!tables.isMap(key.value())) {
            return tables.objects(key.value(), ROWS_REMEDY);
        }
        YamlMap map = tables.map(key.value(), ROWS_REMEDY).orElseThrow();
        map.allow("rows", List.of("csv"), Map.of());
        Optional<Text> csv = map.required("csv", ROWS_REMEDY);
        if (csv.isEmpty()) {
            return List.of();
        }
        String name = csv.get().value();
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]*\\.csv")) {
            faults.add(csv.get().place(), "'" + name + "' is not a CSV file beside the test", ROWS_REMEDY);
            return List.of();
        }
        if (!Files.isRegularFile(file.resolveSibling(name))) {
            faults.add(csv.get().place(), "there is no file " + name + " beside the test", "Add it.");
            return List.of();
        }
        String shown = folder + "/tests/" + name;
        return YamlFile.text(file.resolveSibling(name), shown, faults)
                .map(text -> CsvRows.read(text, shown, faults))
                .orElse(List.of());
    }

    private void columns(Table table, Text key, List<ObjectNode> rows, boolean dated) {
        if (table.columns().isEmpty()) {
            return;
        }
        List<String> known = new ArrayList<>(table.columns().keySet());
        known.add("date");
        Set<String> reported = new HashSet<>();
        for (ObjectNode row : rows) {
            row.fieldNames().forEachRemaining(column -> {
                if (!known.contains(column) && reported.add(column)) {
                    boolean declarable = isOfDatabase(table);
                    faults.add(
                            key.place(),
                            table.name() + (declarable ? " declares no type of column '" : " has no column '") + column
                                    + "'" + Nearest.hint(column, known),
                            (declarable ? "Declare it under `columns` of the landing. " : "") + "It has: "
                                    + String.join(", ", known) + ".");
                }
            });
            if (dated && row.has("date")) {
                date(new Text(row.get("date").asText(), key.place()));
            }
        }
    }
}
