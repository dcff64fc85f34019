package dev.igarape.model.compile.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeterminismCheckTest {
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

    private List<String> faults(String sql) {
        return new TestProject(folder)
                .tables(TestProject.LANDING, "  trusted.orders:\n    daily: {sql: orders.sql}\n")
                .with("pipelines/shop/orders.sql", sql)
                .faults();
    }
}
