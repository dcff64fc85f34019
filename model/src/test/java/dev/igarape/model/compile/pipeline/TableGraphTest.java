package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.Input;
import dev.igarape.model.Refresh;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TableGraphTest {
    private static final String OTHER_HEAD = TestProject.HEAD.replace("pipeline: shop", "pipeline: other");

    @TempDir
    private Path folder;

    @Test
    void buildsInputsFirstElseAsDeclared() {
        TestProject project = project("gold.z", "trusted.b")
                .with(
                        "pipelines/shop/pipeline.yaml",
                        TestProject.HEAD
                                + daily("gold.z")
                                + daily("trusted.b")
                                + TestProject.LANDING
                                + daily("trusted.a"))
                .with("pipelines/shop/b.sql", "SELECT x FROM raw.orders")
                .with("pipelines/shop/a.sql", "SELECT x FROM raw.orders");
        assertThat(project.manifest().pipelines().get(0).tables())
                .extracting(Table::name)
                .extracting(Object::toString)
                .containsExactly("raw.orders", "trusted.b", "gold.z", "trusted.a");
    }

    @Test
    void ordersAlsoByWayOfOtherPipelines() {
        TestProject project = new TestProject(folder)
                .tables(daily("gold.z"), TestProject.LANDING)
                .with("pipelines/shop/z.sql", "SELECT x FROM trusted.y")
                .with("pipelines/other/pipeline.yaml", OTHER_HEAD + daily("trusted.y"))
                .with("pipelines/other/y.sql", "SELECT x FROM raw.orders");
        assertThat(project.manifest().pipeline("shop").orElseThrow().tables())
                .extracting(table -> table.name().toString())
                .containsExactly("raw.orders", "gold.z");
    }

    @Test
    void refusesCirclesAcrossPipelines() {
        List<String> diagnostics = new TestProject(folder)
                .tables(daily("gold.z"))
                .with("pipelines/shop/z.sql", "SELECT x FROM gold.y")
                .with("pipelines/other/pipeline.yaml", OTHER_HEAD + daily("gold.y"))
                .with("pipelines/other/y.sql", "SELECT x\nFROM gold.z")
                .diagnostics();
        assertThat(diagnostics)
                .containsExactly("pipelines/shop/z.sql:1: tables read each other in a circle: gold.y reads gold.z reads"
                        + " gold.y. Take one of these inputs out.");
    }

    @Test
    void refusesATableThatReadsItself() {
        assertThat(project("gold.z", "gold.z").diagnostics())
                .containsExactly("pipelines/shop/z.sql:1: tables read each other in a circle: gold.z reads gold.z."
                        + " Take one of these inputs out.");
    }

    @Test
    void refusesTheSameTableTwice() {
        assertThat(new TestProject(folder)
                        .tables(TestProject.LANDING)
                        .with("pipelines/other/pipeline.yaml", OTHER_HEAD + TestProject.LANDING)
                        .diagnostics())
                .containsExactly("pipelines/shop/pipeline.yaml:6: raw.orders is declared in"
                        + " pipelines/other/pipeline.yaml:6 too. A table has one definition: rename or remove one of"
                        + " them.");
    }

    @Test
    void refusesInputsOfAnotherTimezone() {
        assertThat(project("gold.z", "raw.orders")
                        .with(
                                "pipelines/other/pipeline.yaml",
                                OTHER_HEAD.replace("tables:", "timezone: America/Sao_Paulo\ntables:")
                                        + TestProject.LANDING)
                        .diagnostics())
                .containsExactly("pipelines/shop/z.sql:1: gold.z counts its days in UTC, its input raw.orders in"
                        + " America/Sao_Paulo. Give both pipelines the same timezone.");
    }

    @Test
    void refusesViewsAsInputsOfSpark() {
        assertThat(project("gold.z", "gold.v")
                        .with(
                                "pipelines/other/pipeline.yaml",
                                OTHER_HEAD + TestProject.LANDING
                                        + "  gold.v:\n    view: {sql: v.sql, from: [raw.orders]}\n")
                        .with("pipelines/other/v.sql", "SELECT * FROM raw.orders")
                        .diagnostics())
                .containsExactly("pipelines/shop/z.sql:1: gold.z reads the view gold.v, which only Trino can read."
                        + " Read the tables behind it, or make it a daily table.");
    }

    @Test
    void refusesCurrentTablesAsInputsOfCurrentTables() {
        assertThat(overCurrent(current("gold.z")).diagnostics())
                .containsExactly(
                        "pipelines/shop/z.sql:1: gold.z reads the current table trusted.c, which has rows by key and no"
                                + " dates. Read the tables behind it, join it with an input that has dates, or read it in a"
                                + " daily table or in a view.");
    }

    @Test
    void wantsAnInputWithDates() {
        for (String reader :
                List.of(daily("gold.z"), daily("gold.z").replace("z.sql", "z.sql, time: at, interval: 5 minutes"))) {
            assertThat(overCurrent(reader).diagnostics())
                    .containsExactly(
                            "pipelines/shop/z.sql:1: gold.z reads only tables without dates, such as trusted.c,"
                                    + " so nothing says which dates it has. Read a landing or a daily table beside it, or make it"
                                    + " a view.");
        }
    }

    @Test
    void takesCurrentTablesBesideAnInputWithDates() {
        assertThat(beside("")
                        .manifest()
                        .table(TableName.parse("gold.z"))
                        .orElseThrow()
                        .inputs())
                .containsExactly(
                        new Input(TableName.parse("raw.orders"), 0),
                        Input.snapshot(TableName.parse("trusted.c"), Refresh.NEVER));
        assertThat(beside(", inputs: {trusted.c: {refresh: always}}")
                        .manifest()
                        .table(TableName.parse("gold.z"))
                        .orElseThrow()
                        .snapshotInputs())
                .containsExactly(Input.snapshot(TableName.parse("trusted.c"), Refresh.ALWAYS));
        assertThat(beside(", time: at, interval: 5 minutes, inputs: {raw.orders: {lookback: 1 hour}}")
                        .diagnostics())
                .isEmpty();
    }

    /** It says when dates are built again and decides none of their rows. */
    @Test
    void refreshIsNoPartOfTheDefinition() {
        TableName name = TableName.parse("gold.z");
        String never = beside("").manifest().table(name).orElseThrow().definitionHash();
        assertThat(beside(", inputs: {trusted.c: {refresh: always}}")
                        .manifest()
                        .table(name)
                        .orElseThrow()
                        .definitionHash())
                .isEqualTo(never);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "trusted.c: {lookback: 1} | 'lookback' of trusted.c, which has no dates: gold.z reads all of its rows, of"
                        + " one version. Take it out, or say `refresh` instead.",
                "raw.orders: {refresh: always} | 'refresh' of raw.orders, which has dates: new rows of a date always make"
                        + " the date of gold.z stale that reads it. Take it out; it is for inputs without dates, such as"
                        + " current tables.",
                "trusted.c: {refresh: validity} | 'refresh: validity' of the current table trusted.c, whose rows do not"
                        + " say in which time they hold. Write `always`, or `never`, which is the default; or read a"
                        + " history.",
                "trusted.c: {refresh: daily} | 'daily' is no answer to changes of an input. Write `never`, which is the"
                        + " default, `always` or `validity`."
            })
    void refusesWhatDoesNotFitAnInput(String inputs, String fault) {
        assertThat(beside(", inputs: {" + inputs + "}").diagnostics())
                .containsExactly("pipelines/shop/pipeline.yaml:12: " + fault);
    }

    @Test
    void refusesALookbackOfAnInputWithoutDatesAlsoInTablesWithIntervals() {
        assertThat(beside(", time: at, interval: 5 minutes, inputs: {trusted.c: {lookback: 10 minutes}}")
                        .diagnostics())
                .containsExactly("pipelines/shop/pipeline.yaml:12: 'lookback' of trusted.c, which has no dates: gold.z"
                        + " reads all of its rows, of one version. Take it out, or say `refresh` instead.");
    }

    @Test
    void takesTheValidityOfAHistory() {
        String history = "  trusted.c:\n    history: {sql: c.sql, keys: [x], sequence_by: [at], track: [p]}\n"
                + "    columns: {x: string, p: int, at: timestamp}\n";
        Table reader = new TestProject(folder)
                .tables(
                        TestProject.LANDING,
                        history,
                        daily("gold.z").replace("z.sql", "z.sql, inputs: {trusted.c: {refresh: validity}}"))
                .with("pipelines/shop/c.sql", "SELECT x, p, at FROM raw.orders")
                .with("pipelines/shop/z.sql", "SELECT x, p FROM raw.orders JOIN trusted.c")
                .manifest()
                .table(TableName.parse("gold.z"))
                .orElseThrow();
        assertThat(reader.snapshotInputs())
                .containsExactly(Input.snapshot(TableName.parse("trusted.c"), Refresh.VALIDITY));
    }

    /** The table {@code trusted.c} and one that reads it beside a landing. */
    private TestProject beside(String more) {
        return overCurrent(daily("gold.z").replace("z.sql", "z.sql" + more))
                .with("pipelines/shop/z.sql", "SELECT x, at FROM raw.orders JOIN trusted.c");
    }

    @Test
    void takesViewsOfCurrentTables() {
        assertThat(overCurrent("  gold.z:\n    view: {sql: z.sql, from: [trusted.c]}\n")
                        .diagnostics())
                .isEmpty();
    }

    @Test
    void refusesViewsAsInputsOfCurrentTables() {
        assertThat(new TestProject(folder)
                        .tables(
                                TestProject.LANDING,
                                "  gold.v:\n    view: {sql: v.sql, from: [raw.orders]}\n",
                                current("trusted.c"))
                        .with("pipelines/shop/v.sql", "SELECT * FROM raw.orders")
                        .with("pipelines/shop/c.sql", "SELECT x, at\nFROM gold.v")
                        .diagnostics())
                .containsExactly(
                        "pipelines/shop/c.sql:2: trusted.c reads the view gold.v, which only Trino can read. Read"
                                + " the tables behind it, or make it a daily table.");
    }

    @Test
    void currentTablesWaitOnlyForWhatArrives() {
        assertThat(overCurrent("")
                        .with(
                                "pipelines/shop/pipeline.yaml",
                                TestProject.HEAD
                                        + "  raw.orders:\n    landing: {http: {url: 'http://a/b'}}\n"
                                        + current("trusted.c")
                                        + "    wait_for: complete\n")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains("trusted.c waits for complete inputs, but each of them has a date or lacks it");
    }

    /** The table {@code trusted.c} and one that reads it. */
    private TestProject overCurrent(String reader) {
        return new TestProject(folder)
                .tables(TestProject.LANDING, current("trusted.c"), reader)
                .with("pipelines/shop/c.sql", "SELECT x, at FROM raw.orders")
                .with("pipelines/shop/z.sql", "SELECT x, at FROM trusted.c");
    }

    private static String current(String table) {
        return daily(table).replace("daily: {", "current: {keys: [x], sequence_by: [at], ")
                + "    columns: {x: string, at: timestamp}\n";
    }

    @Test
    void wantsInputsForAssets() {
        String head = TestProject.HEAD.replace("\"@daily\"", "assets");
        assertThat(new TestProject(folder)
                        .with("pipelines/shop/pipeline.yaml", head + TestProject.LANDING)
                        .diagnostics())
                .containsExactly("pipelines/shop/pipeline.yaml:3: schedule assets, but shop reads no table of another"
                        + " pipeline. Give it a time, such as @daily.");
    }

    /** One daily table in pipeline shop, reading another. */
    private TestProject project(String table, String input) {
        return new TestProject(folder)
                .tables(daily(table))
                .with("pipelines/shop/" + table.substring(table.indexOf('.') + 1) + ".sql", "SELECT x FROM " + input);
    }

    private static String daily(String table) {
        return "  " + table + ":\n    daily: {sql: " + table.substring(table.indexOf('.') + 1) + ".sql}\n";
    }
}
