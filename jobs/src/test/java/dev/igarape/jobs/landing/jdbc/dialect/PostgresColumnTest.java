package dev.igarape.jobs.landing.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PostgresColumnTest {
    /** Since PostgreSQL 15, which the tests' own is not: the catalog's numbers of such columns. */
    @ParameterizedTest
    @CsvSource({"5, -2, '7,0'", "3, 5, '5,5'", "38, -1, '38,0'", "40, 39, '38,18'"})
    void scalesMayBeNegativeOrAboveThePrecision(int precision, int scale, String decimal) {
        int modifier = (precision << 16 | scale & 0x7FF) + 4;
        SourceColumn column = new PostgresColumn("v", "numeric", "numeric", modifier, 0);
        assertThat(column.lakeType().catalogString()).isEqualTo("decimal(" + decimal + ")");
    }
}
