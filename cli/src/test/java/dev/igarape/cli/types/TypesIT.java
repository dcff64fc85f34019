package dev.igarape.cli.types;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.e2e.DemoStack;
import dev.igarape.cli.e2e.StackProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Extreme values of every type of every source, landed and built, as each reader of the lake shows them: Spark in a
 * build, Trino on the raw and the built table, and a Spark session of somebody else through the metastore.
 */
@Order(3)
@ExtendWith(DemoStack.class)
final class TypesIT {
    private static StackProject project;
    private static MetastoreSpark.Shown metastore;

    @BeforeAll
    static void build() throws Exception {
        project = StackProject.on(DemoStack.LAKE, DemoStack.STATE, "types_");
        new TypesProject(project).build();
        List<String> queries = new ArrayList<>();
        for (TypedSource source : TypesProject.SOURCES) {
            Map<String, String> plain = new LinkedHashMap<>();
            source.columns()
                    .forEach(column -> plain.put(column.name(), column.kind().inSpark(column.name())));
            queries.add(select(source.builtTable(), "label", plain));
        }
        metastore = new MetastoreSpark(DemoStack.LAKE, DemoStack.STATE)
                .show(
                        queries,
                        TypesProject.SOURCES.stream()
                                .map(source -> project.prefix() + source.builtTable())
                                .toList());
    }

    @Test
    void everyReaderShowsEveryValueAsItWasWritten() throws Exception {
        List<Map<String, Map<String, Optional<String>>>> plainly = metastore.rows();
        assertThat(plainly).hasSameSizeAs(TypesProject.SOURCES);
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < plainly.size(); i++) {
            TypedSource source = TypesProject.SOURCES.get(i);
            List<TypedColumn> all = source.columns();
            compare(source, "Spark", all, rows(trino(select(source.seenTable(), "label", names(all)))), faults);
            Map<String, String> built = new LinkedHashMap<>();
            all.forEach(column -> built.put(column.name(), column.kind().inTrino(column.name())));
            compare(source, "Trino", all, rows(trino(select(source.builtTable(), "label", built))), faults);
            compare(source, "metastore", all, plainly.get(i), faults);

            List<TypedColumn> inRaw = all.stream().filter(TypedColumn::alike).toList();
            if (!inRaw.isEmpty()) {
                Map<String, String> raw = new LinkedHashMap<>();
                inRaw.forEach(column -> raw.put(
                        column.name(), column.kind().inTrino(column.raw().orElseThrow())));
                compare(
                        source,
                        "Trino, raw",
                        inRaw,
                        rows(trino(select(source.rawTable(), source.label(), raw))),
                        faults);
            }
        }
        assertThat(faults).isEmpty();
    }

    /** Where it fails because types have changed on purpose, the table to put into the page is in the target folder. */
    @Test
    void theDocumentationTellsWhatEachReaderShows() throws Exception {
        List<Map<String, String>> declared = metastore.types();
        TypesTable table = new TypesTable();
        for (int i = 0; i < TypesProject.SOURCES.size(); i++) {
            TypedSource source = TypesProject.SOURCES.get(i);
            Map<String, String> spark = new LinkedHashMap<>();
            Map<String, String> trino = new LinkedHashMap<>();
            Map<String, String> raw = new LinkedHashMap<>();
            for (TypedColumn column : source.columns()) {
                spark.put(column.name(), TypedSource.typeOf(column));
                trino.put(column.name(), "typeof(" + column.name() + ")");
                column.raw().ifPresent(value -> raw.put(column.name(), "typeof(" + value + ")"));
            }
            table.add(
                    source,
                    types(source.seenTable(), spark),
                    declared.get(i),
                    types(source.builtTable(), trino),
                    raw.isEmpty() ? Map.of() : types(source.rawTable(), raw));
        }
        Path made = Files.writeString(DemoStack.HOME.resolve("cli/target/types.md"), table.toString());
        assertThat(TypesTable.of(DemoStack.HOME.resolve("docs/types.md")))
                .as("docs/types.md beside " + made)
                .isEqualTo(table.toString());
    }

    private static Map<String, String> types(String table, Map<String, String> expressions) throws Exception {
        Map<String, String> types = new LinkedHashMap<>();
        trino(select(table, "1", expressions) + " LIMIT 1")
                .get(0)
                .fields()
                .forEachRemaining(
                        cell -> types.put(cell.getKey(), cell.getValue().asText()));
        return types;
    }

    private static Map<String, String> names(List<TypedColumn> columns) {
        Map<String, String> names = new LinkedHashMap<>();
        columns.forEach(column -> names.put(column.name(), column.name()));
        return names;
    }

    private static String select(String table, String label, Map<String, String> expressions) {
        return "SELECT " + label + " AS label, "
                + expressions.entrySet().stream()
                        .map(e -> e.getValue() + " AS " + e.getKey())
                        .collect(Collectors.joining(", "))
                + " FROM " + project.prefix() + table;
    }

    private static List<JsonNode> trino(String sql) throws Exception {
        return DemoStack.query(sql);
    }

    private static Map<String, Map<String, Optional<String>>> rows(List<JsonNode> answer) {
        Map<String, Map<String, Optional<String>>> rows = new HashMap<>();
        for (JsonNode row : answer) {
            Map<String, Optional<String>> cells = new HashMap<>();
            row.fields()
                    .forEachRemaining(cell -> cells.put(
                            cell.getKey(),
                            cell.getValue().isNull()
                                    ? Optional.empty()
                                    : Optional.of(cell.getValue().asText())));
            rows.put(row.get("label").asText(), cells);
        }
        return rows;
    }

    private static void compare(
            TypedSource source,
            String reader,
            List<TypedColumn> columns,
            Map<String, Map<String, Optional<String>>> rows,
            List<String> faults) {
        assertThat(rows.keySet())
                .as(source.name() + " by " + reader)
                .containsExactlyInAnyOrderElementsOf(source.rows());
        for (String row : source.rows()) {
            for (TypedColumn column : columns) {
                Kind kind = column.kind();
                Optional<Object> wanted =
                        Optional.ofNullable(column.extremes().get(row)).map(text -> kind.comparable(kind.plain(text)));
                Optional<String> shown = rows.get(row).get(column.name());
                if (!shown.map(kind::comparable).equals(wanted)) {
                    faults.add("%s %s, %s: %s shows %s instead of %s"
                            .formatted(source.name(), column.type(), row, reader, shown, wanted));
                }
            }
        }
    }
}
