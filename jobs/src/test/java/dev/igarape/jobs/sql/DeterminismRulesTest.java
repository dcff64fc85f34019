package dev.igarape.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.compile.Compilation;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import dev.igarape.model.sql.SqlTemplate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeterminismRulesTest {
    private static final String PIPELINE = """
            pipeline: shop
            owner: data-platform
            schedule: "@daily"
            start_date: 2024-01-01
            tables:
              raw.orders:
                landing: {kafka: {topics: [orders]}}
              trusted.orders:
                daily: {sql: orders.sql}
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "current_date",
                "CURRENT_DATE()",
                "current_timestamp",
                "now()",
                "localtimestamp",
                "curdate()",
                "rand()",
                "rand(42)",
                "uuid()",
                "shuffle(a)",
                "monotonically_increasing_id()",
                "spark_partition_id()",
                "input_file_name()",
                "unix_timestamp( )",
                "current_user",
                "reflect('a', 'b')",
                "DATE 'today'",
                "timestamp ' NOW '",
                "first(a)",
                "any_value(a) OVER ()",
                "first_value(a) FILTER (WHERE a > 0)",
                "collect_list(a)"
            })
    void refuses(String expression) {
        assertThat(faults("SELECT\n  " + expression + " AS x\nFROM raw.orders"))
                .singleElement()
                .asString()
                .startsWith("pipelines/shop/orders.sql:2: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{run_date}",
                "unix_timestamp(a)",
                "'current_date rand() now'",
                "o.now",
                "`first`",
                "DATE '2024-01-01'",
                "'date ' || 'today'",
                "first(a) OVER (PARTITION BY f(b) ORDER BY c)",
                "last_value(a) IGNORE NULLS OVER (ORDER BY c)",
                "first_value(a) FILTER (WHERE a > 0) OVER (ORDER BY c)",
                "sort_array(collect_set(a))",
                "randomness",
                "1 -- now()"
            })
    void takes(String expression) {
        assertThat(faults("SELECT\n  " + expression + "\nFROM raw.orders")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT a FROM raw.orders LIMIT 3 | :1: LIMIT without ORDER BY takes any rows.",
                "SELECT a FROM raw.orders TABLESAMPLE (5 PERCENT) | :1: TABLESAMPLE takes other rows on every run."
            })
    void refusesAnyRows(String sql, String fault) {
        assertThat(faults(sql)).singleElement().asString().contains(fault);
    }

    @Test
    void saysWhatToUse() {
        assertThat(faults("SELECT a\nFROM raw.orders\nWHERE d = current_date"))
                .containsExactly("pipelines/shop/orders.sql:3: current_date answers differently on every run."
                        + " Use {run_date} for the date that is built or {next_date} for the one after it.");
        assertThat(faults("SELECT first(a) AS a FROM raw.orders GROUP BY b"))
                .containsExactly("pipelines/shop/orders.sql:1: first takes any row where no order is given. Use min,"
                        + " max, min_by or max_by, or a window: first(…) OVER (PARTITION BY … ORDER BY …).");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT concat(a, coalesce(b, upper(uuid()))) AS c FROM raw.orders | 1:36 uuid",
                "SELECT a, ', now() ' AS b, -- now()\\n now() AS c FROM raw.orders | 2:2 now",
                "SELECT {run_date} AS d, {next_date} AS e, rand() AS f FROM raw.orders | 1:43 rand",
                "SELECT a FROM raw.orders WHERE d = CURRENT_DATE | 1:36 current_date",
                "SELECT a FROM raw.orders WHERE d = `current_date` | 1:36 current_date",
                "SELECT a FROM (SELECT first(b) AS a FROM raw.orders) | 1:23 first",
                "WITH c AS (SELECT rand() AS a FROM raw.orders) SELECT a FROM c | 1:19 rand",
                "SELECT a FROM raw.orders WHERE EXISTS (SELECT now()) | 1:47 now",
                "SELECT first(a) OVER w AS b FROM raw.orders WINDOW w AS (PARTITION BY c) | 1:8 first",
                "SELECT last(a) OVER w AS b FROM raw.orders WINDOW w AS (ORDER BY rand()) | 1:66 rand",
                "SELECT count(a) OVER (ORDER BY a) AS n FROM raw.orders LIMIT 3 | 1:56 limit",
                "SELECT a FROM raw.orders TABLESAMPLE (5 ROWS) ORDER BY a | 1:26 tablesample",
                "SELECT DATE \"today\" AS a FROM raw.orders | 1:8 today",
                "SELECT CAST('now' AS TIMESTAMP) AS a FROM raw.orders | 1:8 now"
            })
    void findsAUseInItsPlace(String sql, String use) {
        assertThat(new SparkSqlParser()
                        .parse(SqlTemplate.forParsing(sql.replace("\\n", "\n")))
                        .nonDeterministic())
                .extracting(found -> found.line() + ":" + found.column() + " " + found.name())
                .containsExactly(use);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a AS current_date FROM raw.orders",
                "SELECT o.current_user AS a FROM raw.orders AS o",
                "SELECT `now()` AS a, `rand` AS b FROM raw.orders AS `uuid()`",
                "SELECT \"DATE 'today'\" AS a FROM raw.orders /* LIMIT 3 */",
                "SELECT 'sort_array(' AS a, sort_array(/* all */ collect_list(b)) AS c FROM raw.orders",
                "SELECT sort_array(collect_list(b) OVER (PARTITION BY c)) AS d FROM raw.orders",
                "SELECT first(a) OVER w AS b FROM raw.orders WINDOW w AS (PARTITION BY c ORDER BY d)",
                "SELECT a FROM raw.orders ORDER BY a LIMIT 3",
                "SELECT a FROM (SELECT a, b FROM raw.orders ORDER BY b) WHERE a > 1 LIMIT 3"
            })
    void takesWhatOnlyLooksLikeAUse(String sql) {
        assertThat(new SparkSqlParser().parse(sql).nonDeterministic()).isEmpty();
    }

    private List<String> faults(String sql) {
        try {
            Path pipeline = Files.createDirectories(folder.resolve("pipelines/shop"));
            Files.writeString(pipeline.resolve("pipeline.yaml"), PIPELINE);
            Files.writeString(pipeline.resolve("orders.sql"), sql);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ProjectCompiler(new SparkSqlParser()).compile(folder) instanceof Compilation.Failed failed
                ? failed.diagnostics().stream().map(Diagnostic::toString).toList()
                : List.of();
    }
}
