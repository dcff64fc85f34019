package dev.igarape.model.compile.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.compile.Compilation;
import dev.igarape.model.compile.TestProject;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ViewsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{sql: v.sql} | SELECT 1 | 'from' is missing.",
                "{sql: v.sql, from: []} | SELECT 1 | 'from' is empty.",
                "{sql: v.sql, from: [orders]} | SELECT 1 | 'orders' is not a table of the lake.",
                "{sql: v.sql, from: [raw.orders]} | SELECT 1 | pipelines/shop/v.sql does not read raw.orders.",
                "{sql: v.sql, from: [raw.orders, raw.orders]} | SELECT 1 FROM raw.orders | raw.orders is given twice.",
                "{sql: v.sql, from: [raw.orders]} | SELECT 1 FROM raw.orders JOIN lake.raw.ordes ON true | v.sql:1: the"
                        + " view reads raw.ordes, which its `from` does not list (did you mean raw.orders?).",
                "{sql: v.sql, from: [raw.orders]} | SELECT {run_date} FROM raw.orders | {run_date} in a view: a view"
                        + " has no date of its own.",
                "{sql: v.sql, from: [raw.ordrs]} | SELECT 1 FROM raw.ordrs | gold.v reads raw.ordrs, which no pipeline"
                        + " declares (did you mean raw.orders?)."
            })
    void areChecked(String view, String sql, String fault) {
        assertThat(project(view.strip(), sql).diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @Test
    void mayAskForTheClockAndQuoteNames() {
        String sql = "SELECT \"day\", '\\' AS a FROM \"raw\".\"orders\" WHERE date = current_date -- FROM gold.x\n";
        assertThat(project("{sql: v.sql, from: [raw.orders]}", sql).diagnostics())
                .isEmpty();
    }

    /** The words FROM and JOIN, and dots and commas, where they mean no table of another name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT extract(YEAR FROM g.date) FROM raw.orders g",
                "SELECT extract(YEAR FROM raw.orders.date) FROM raw.orders",
                "SELECT 1 FROM raw.orders a JOIN raw.orders b ON a.x IS NOT DISTINCT FROM b.x",
                "SELECT a.x IS DISTINCT FROM a.y FROM raw.orders a",
                "SELECT substring(a.x FROM 1 FOR 2), trim(BOTH 'x' FROM a.y), trim(a.z FROM a.y) FROM raw.orders a",
                "SELECT position(a.x IN a.y), first_value(a.x) IGNORE NULLS OVER (ORDER BY a.x) FROM raw.orders a",
                "SELECT sum(a.x) OVER (ORDER BY a.y ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM raw.orders a",
                "SELECT 'FROM gold.x, gold.y', U&'FROM gold.z', \" FROM gold.x\" -- FROM gold.x\n FROM raw.orders",
                "SELECT e.x FROM raw.orders a, UNNEST(a.es, a.fs) WITH ORDINALITY AS e (x, y, n)",
                "SELECT v.x FROM raw.orders, (VALUES (1, 2), (3, 4)) AS v (x, y), LATERAL (SELECT v.x) AS l",
                "SELECT 1 FROM raw.orders CROSS JOIN TABLE(sequence(start => 1, stop => 2)) AS s",
                "SELECT 1 FROM TABLE(exclude_columns(input => TABLE(raw.orders), columns => DESCRIPTOR(a.b)))",
                "WITH a AS (SELECT 1 AS x FROM RAW.Orders), \"B\" AS (SELECT x FROM A) SELECT x FROM b, a, a AS c",
                "WITH RECURSIVE t (n) AS (SELECT x FROM raw.orders UNION ALL SELECT n + 1 FROM t WHERE n < 9)"
                        + " SELECT n FROM t",
                "WITH orders AS (SELECT x FROM raw.orders) SELECT x FROM orders o, (SELECT x FROM orders) AS p",
                "SELECT 1 FROM lake.raw.orders TABLESAMPLE BERNOULLI (10), \"lake\" . \"raw\" . \"orders\"",
                "SELECT 1 FROM raw.orders FOR VERSION AS OF 3, raw.orders FOR TIMESTAMP AS OF current_timestamp",
                "SELECT x, (SELECT max(y) FROM raw.orders WHERE y > o.x) FROM raw.orders AS o (x, y)",
                "SELECT 1 FROM ((raw.orders a JOIN raw.orders b ON true)), (raw.orders c)",
                "TABLE raw.orders",
                "(SELECT x FROM raw.orders) UNION ALL CORRESPONDING (TABLE raw.orders)",
                "SELECT transform(xs, x -> x + 1), \"from\".x, a.\"from\" FROM raw.orders \"from\", raw.orders a",
                "SELECT j.x FROM raw.orders o, JSON_TABLE(o.body, 'lax $' COLUMNS (x bigint PATH 'lax $.from')) AS j",
                "SELECT m.x FROM raw.orders MATCH_RECOGNIZE (PARTITION BY k ORDER BY t MEASURES first(a.t) AS x"
                        + " ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (a b{2,}) DEFINE b AS b.y > a.y) m",
                "SELECT 'caf\u00e9 \uD83D\uDEF6', 1_000, 0xFF FROM raw.orders"
            })
    void areReadByTrinosGrammar(String sql) {
        assertThat(project("{sql: v.sql, from: [raw.orders]}", sql).diagnostics())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1 FROM raw.orders a, gold.x b | 1:29",
                "SELECT 1 FROM raw.orders, lake.gold.x | 1:27",
                "SELECT 1 FROM raw.orders a (b, c), GOLD . X | 1:36",
                "SELECT 1 FROM (SELECT 1 FROM raw.orders) a, \"gold\".\"x\" | 1:45",
                "SELECT 1 FROM raw.orders TABLESAMPLE SYSTEM (5), gold.x | 1:50",
                "SELECT 1 FROM raw.orders, UNNEST(ARRAY[1]) AS u (n), gold.x | 1:54",
                "SELECT 1 FROM raw.orders WHERE EXISTS (SELECT 1 FROM raw.orders, gold.x) | 1:66",
                "SELECT '\uD83D\uDEF6' FROM raw.orders WHERE x IN (TABLE gold.x) | 1:47",
                "SELECT 1 FROM raw.orders EXCEPT SELECT 1 FROM (gold.x CROSS JOIN raw.orders) | 1:48",
                "WITH x AS (SELECT 1 FROM gold.x) SELECT 1 FROM raw.orders, x | 1:26",
                "SELECT extract(YEAR FROM (SELECT max(d) FROM gold.x)) FROM raw.orders | 1:46",
                "SELECT 1 FROM raw.orders, TABLE(exclude_columns(input => TABLE(gold.x), columns => DESCRIPTOR(a))) |"
                        + " 1:64"
            })
    void areRefusedWhereTheyReadWhatFromDoesNotList(String sql, String location) {
        assertThat(project("{sql: v.sql, from: [raw.orders]}", sql).diagnostics())
                .singleElement()
                .asString()
                .startsWith("pipelines/shop/v.sql:" + location.substring(0, location.indexOf(':'))
                        + ": the view reads gold.x,");
        assertThat(location(sql)).isEqualTo(location);
    }

    /** Where its first fault is. */
    private String location(String sql) {
        Diagnostic fault = ((Compilation.Failed)
                        project("{sql: v.sql, from: [raw.orders]}", sql).compile())
                .diagnostics()
                .get(0);
        return fault.line() + ":" + fault.column();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 1 FROM raw.orders, orders | the view reads orders, which its `from` does not list",
                "WITH a AS (SELECT 1 FROM a) SELECT 1 FROM raw.orders, a | the view reads a,",
                "SELECT 1 FROM raw.orders, (WITH b AS (SELECT 1) SELECT 1 FROM b) AS c, b | the view reads b,",
                "SELECT 1 FROM raw.orders, postgresql.public.pages | A view reads tables of the lake, named as",
                "SELECT 1 FROM raw.orders, raw.\"orders$partitions\" | the view reads raw.orders$partitions,"
            })
    void readTablesOfTheLakeOnly(String sql, String fault) {
        assertThat(project("{sql: v.sql, from: [raw.orders]}", sql).diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT a\\nFROM raw.orders WHERE ) | 2:23 | unexpected ')'",
                "SELECT a\\nFROM raw.orders WHERE (x = 1 | 2:29 | it ends too early",
                "SELECT a b c FROM raw.orders | 1:12 | unexpected 'c'",
                "SELECT 'open FROM raw.orders | 1:8 |",
                "SELECT 1 FROM raw.orders, `raw`.`orders` | 1:27 | backquoted identifiers are not supported",
                "SELECT 1 AS 1st FROM raw.orders | 1:13 | identifiers must not start with a digit",
                "SELECT \"\" FROM raw.orders | 1:8 | zero-length quoted identifier",
                "WITH SESSION x = 1 SELECT 1 FROM raw.orders | 1:14 |"
            })
    void haveTheirSyntaxErrorsPlaced(String sql, String location, String message) {
        String text = sql.replace("\\n", "\n");
        assertThat(project("{sql: v.sql, from: [raw.orders]}", text).diagnostics())
                .singleElement()
                .asString()
                .startsWith("pipelines/shop/v.sql:" + location.charAt(0) + ": Trino can't parse it: ")
                .contains(message == null ? "" : message);
        assertThat(location(text)).isEqualTo(location);
    }

    private TestProject project(String view, String sql) {
        return new TestProject(folder)
                .tables(TestProject.LANDING, "  gold.v:\n    view: " + view + "\n")
                .with("pipelines/shop/v.sql", sql.strip());
    }
}
