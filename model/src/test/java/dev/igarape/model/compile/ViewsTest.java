package dev.igarape.model.compile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "{sql: v.sql, from: [raw.orders]} | SELECT 1 FROM raw.orders JOIN lake.raw.order ON true | v.sql:1: the"
                        + " view reads raw.order, which its `from` does not list (did you mean raw.orders?).",
                "{sql: v.sql, from: [raw.orders]} | SELECT {run_date} FROM raw.orders | {run_date} in a view: a view"
                        + " has no date of its own.",
                "{sql: v.sql, from: [raw.ordrs]} | SELECT 1 FROM raw.ordrs | gold.v reads raw.ordrs, which no pipeline"
                        + " declares (did you mean raw.orders?)."
            })
    void areChecked(String view, String sql, String fault) {
        assertThat(project(view.strip(), sql).faults())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @Test
    void mayAskForTheClockAndQuoteNames() {
        String sql = "SELECT \"day\", '\\' AS a FROM \"raw\".\"orders\" WHERE date = current_date -- FROM gold.x\n";
        assertThat(project("{sql: v.sql, from: [raw.orders]}", sql).faults()).isEmpty();
    }

    private TestProject project(String view, String sql) {
        return new TestProject(folder)
                .tables(TestProject.LANDING, "  gold.v:\n    view: " + view + "\n")
                .with("pipelines/shop/v.sql", sql.strip());
    }
}
