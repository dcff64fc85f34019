package dev.igarape.cli.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OutputFormatTest {
    private static final QueryResult ROWS = new QueryResult(
            List.of("name", "count", "share"),
            List.of(Arrays.asList("a, \"b\"", 12, new BigDecimal("0.0000000001")), Arrays.asList(null, 3, null)));

    private static String written(OutputFormat format, QueryResult rows) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        format.write(rows, out);
        out.flush();
        return text.toString();
    }

    @Test
    void alignsATable() {
        assertThat(written(OutputFormat.TABLE, ROWS))
                .isEqualTo(String.join(
                        System.lineSeparator(),
                        "name    count  share",
                        "------  -----  ------------",
                        "a, \"b\"     12  0.0000000001",
                        "NULL        3  NULL",
                        "(2 rows)",
                        ""));
    }

    @Test
    void quotesCsv() {
        assertThat(written(OutputFormat.CSV, ROWS))
                .isEqualTo("name,count,share\r\n\"a, \"\"b\"\"\",12,0.0000000001\r\n,3,\r\n");
    }

    @Test
    void tellsAnEmptyTextFromNullInCsv() {
        assertThat(written(OutputFormat.CSV, new QueryResult(List.of("a", "b"), List.of(Arrays.asList("", null)))))
                .isEqualTo("a,b\r\n\"\",\r\n");
    }

    @Test
    void writesJsonWithNumbersAndNulls() {
        assertThat(written(OutputFormat.JSON, ROWS))
                .isEqualToIgnoringNewLines("[{\"name\":\"a, \\\"b\\\"\",\"count\":12,\"share\":0.0000000001},"
                        + " {\"name\":null,\"count\":3,\"share\":null}]");
    }

    @Test
    void writesNestedValuesAsJson() {
        QueryResult nested = new QueryResult(List.of("v"), List.of(List.of(Map.of("a", List.of(1, 2)))));
        assertThat(written(OutputFormat.JSON, nested)).isEqualToIgnoringNewLines("[{\"v\":{\"a\":[1,2]}}]");
        assertThat(written(OutputFormat.TABLE, nested)).contains("{\"a\":[1,2]}");
    }

    @Test
    void writesTimestampsInIsoFormWithAllTheirDigits() {
        assertThat(QueryResult.iso("2024-01-15 23:59:59.999600")).isEqualTo("2024-01-15T23:59:59.9996");
        assertThat(QueryResult.iso("2024-01-15 10:00:00.000000")).isEqualTo("2024-01-15T10:00:00");
        assertThat(QueryResult.iso("0001-01-01 00:00:00")).isEqualTo("0001-01-01T00:00:00");
        assertThat(QueryResult.iso("2024-01-15 10:00:00.000 UTC")).isEqualTo("2024-01-15T10:00:00Z");
        assertThat(QueryResult.iso("2024-01-15 10:00:00.5 America/Sao_Paulo"))
                .isEqualTo("2024-01-15T10:00:00.5-03:00[America/Sao_Paulo]");
        assertThat(QueryResult.iso("2024-11-03 01:30:00 America/New_York"))
                .isEqualTo("2024-11-03T01:30:00[America/New_York]");
        assertThat(QueryResult.iso("2024-01-15 10:00:00 -03:00")).isEqualTo("2024-01-15T10:00:00-03:00");
    }

    @Test
    void writesNoRowsAsAnEmptyArray() {
        assertThat(written(OutputFormat.JSON, new QueryResult(List.of("a"), List.of())))
                .isEqualToIgnoringNewLines("[]");
    }

    @Test
    void writesNothingForAStatementWithoutAnswer() {
        assertThat(written(OutputFormat.TABLE, new QueryResult(List.of(), List.of())))
                .isEmpty();
    }
}
