package dev.igarape.model.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

final class SqlTemplateTest {
    private static final LocalDate DATE = LocalDate.of(2024, 2, 28);

    @Test
    void putsTypedDatesIn() {
        assertThat(SqlTemplate.render("SELECT {run_date} AS d FROM t WHERE e < {next_date}", DATE))
                .isEqualTo("SELECT DATE '2024-02-28' AS d FROM t WHERE e < DATE '2024-02-29'");
    }

    @Test
    void leavesOtherBracesInStringsAndCommentsAlone() {
        String sql = "SELECT a RLIKE '[0-9]{4}' AND b = '{\"c\": {d}}' -- {e} {run_date}\nFROM `{f}` /* {g} */";
        assertThat(SqlTemplate.render(sql, DATE)).isEqualTo(sql);
    }

    @Test
    void refusesUnknownPlaceholders() {
        assertThat(SqlTemplate.errors("SELECT 1,\n  {ds}"))
                .containsExactly(new SqlTemplate.PlaceholderError(
                        2,
                        3,
                        "unknown placeholder {ds}",
                        "Use {run_date} for the date that is built or {next_date} for the one after it."));
        assertThatThrownBy(() -> SqlTemplate.render("SELECT {}", DATE))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("Line 1: unknown placeholder {}. Use {run_date}");
    }

    @Test
    void refusesADateInQuotes() {
        assertThatThrownBy(() -> SqlTemplate.render("SELECT '{run_date}'", DATE))
                .isInstanceOf(LakeException.class)
                .hasMessage("Line 1: {run_date} stands in quotes, where it is not replaced. Write it without quotes:"
                        + " it becomes a DATE literal. For text use CAST({run_date} AS STRING).");
    }
}
