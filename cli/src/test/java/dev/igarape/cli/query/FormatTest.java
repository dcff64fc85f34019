package dev.igarape.cli.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FormatTest {
    private static final Rows ROWS = new Rows(
            List.of("name", "count", "share"),
            List.of(Arrays.asList("a, \"b\"", 12, new BigDecimal("0.0000000001")), Arrays.asList(null, 3, null)));

    private static String written(Format format, Rows rows) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        format.write(rows, out);
        out.flush();
        return text.toString();
    }

    @Test
    void alignsATable() {
        assertThat(written(Format.TABLE, ROWS))
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
        assertThat(written(Format.CSV, ROWS))
                .isEqualTo("name,count,share\r\n\"a, \"\"b\"\"\",12,0.0000000001\r\n,3,\r\n");
    }

    @Test
    void tellsAnEmptyTextFromNullInCsv() {
        assertThat(written(Format.CSV, new Rows(List.of("a", "b"), List.of(Arrays.asList("", null)))))
                .isEqualTo("a,b\r\n\"\",\r\n");
    }

    @Test
    void writesJsonWithNumbersAndNulls() {
        assertThat(written(Format.JSON, ROWS))
                .isEqualToIgnoringNewLines("[{\"name\":\"a, \\\"b\\\"\",\"count\":12,\"share\":0.0000000001},"
                        + " {\"name\":null,\"count\":3,\"share\":null}]");
    }

    @Test
    void writesNestedValuesAsJson() {
        Rows nested = new Rows(List.of("v"), List.of(List.of(Map.of("a", List.of(1, 2)))));
        assertThat(written(Format.JSON, nested)).isEqualToIgnoringNewLines("[{\"v\":{\"a\":[1,2]}}]");
        assertThat(written(Format.TABLE, nested)).contains("{\"a\":[1,2]}");
    }

    @Test
    void writesTimestampsInIsoFormWithAllTheirDigits() {
        assertThat(Rows.iso("2024-01-15 23:59:59.999600")).isEqualTo("2024-01-15T23:59:59.9996");
        assertThat(Rows.iso("2024-01-15 10:00:00.000000")).isEqualTo("2024-01-15T10:00:00");
        assertThat(Rows.iso("0001-01-01 00:00:00")).isEqualTo("0001-01-01T00:00:00");
        assertThat(Rows.iso("2024-01-15 10:00:00.000 UTC")).isEqualTo("2024-01-15T10:00:00Z");
        assertThat(Rows.iso("2024-01-15 10:00:00.5 America/Sao_Paulo"))
                .isEqualTo("2024-01-15T10:00:00.5-03:00[America/Sao_Paulo]");
        assertThat(Rows.iso("2024-11-03 01:30:00 America/New_York")).isEqualTo("2024-11-03T01:30:00[America/New_York]");
        assertThat(Rows.iso("2024-01-15 10:00:00 -03:00")).isEqualTo("2024-01-15T10:00:00-03:00");
    }

    @Test
    void writesNoRowsAsAnEmptyArray() {
        assertThat(written(Format.JSON, new Rows(List.of("a"), List.of()))).isEqualToIgnoringNewLines("[]");
    }

    @Test
    void writesNothingForAStatementWithoutAnswer() {
        assertThat(written(Format.TABLE, new Rows(List.of(), List.of()))).isEmpty();
    }
}
