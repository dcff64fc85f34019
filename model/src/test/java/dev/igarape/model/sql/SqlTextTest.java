package dev.igarape.model.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.sql.SqlText.Dialect;
import org.junit.jupiter.api.Test;

final class SqlTextTest {
    @Test
    void blanksStringsCommentsAndQuotedNames() {
        assertThat(SqlText.of("a 'b''c' /* d /* e */ f */ g -- h\ni `j` \"k\"", Dialect.SPARK)
                        .code())
                .isEqualTo("a                          g     \ni        ");
    }

    @Test
    void keepsPositions() {
        String sql = "SELECT 'día 🌊' AS a,\n  b FROM c";
        SqlText text = SqlText.of(sql, Dialect.SPARK);
        assertThat(text.code()).hasSameSizeAs(sql);
        int position = text.code().indexOf("FROM");
        assertThat(text.line(position)).isEqualTo(2);
        assertThat(text.column(position)).isEqualTo(5);
    }

    @Test
    void knowsSparksEscapes() {
        assertThat(SqlText.of("'it\\'s' x", Dialect.SPARK).code()).isEqualTo("        x");
        assertThat(SqlText.of("r'\\' x", Dialect.SPARK).code()).isEqualTo("r    x");
        assertThat(SqlText.of("'\\' x", Dialect.TRINO).code()).isEqualTo("    x");
    }

    @Test
    void givesTheInsidesOfStrings() {
        assertThat(SqlText.of("a 'b' \"c\"", Dialect.SPARK).strings()).isEqualTo("   b   c ");
        assertThat(SqlText.of("a 'b' \"c\"", Dialect.TRINO).strings()).isEqualTo("   b     ");
    }

    @Test
    void endsWhatIsLeftOpenAtTheEnd() {
        assertThat(SqlText.of("a 'b", Dialect.SPARK).code()).isEqualTo("a   ");
        assertThat(SqlText.of("a /* b", Dialect.SPARK).code()).isEqualTo("a     ");
        assertThat(SqlText.of("a 'b\\", Dialect.SPARK).code()).isEqualTo("a    ");
    }
}
