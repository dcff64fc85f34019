package dev.igarape.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SparkSqlParserTest {
    private final SqlParser parser = new SparkSqlParser();

    @Test
    void isFoundByServiceLoader() {
        assertThat(ServiceLoader.load(SqlParser.class).findFirst()).get().isInstanceOf(SparkSqlParser.class);
    }

    @Test
    void findsTablesInCommonTablesJoinsAndSubqueries() {
        ParsedSql parsed = parser.parse("WITH c AS (SELECT * FROM raw.a JOIN `trusted`.b USING (id))"
                + " SELECT * FROM c WHERE id IN (SELECT id FROM gold.z) AND EXISTS (SELECT 1 FROM raw.a)");
        assertThat(parsed.tables()).containsExactlyInAnyOrder("raw.a", "trusted.b", "gold.z");
    }

    @Test
    void namesOfCommonTablesHoldWhereTheyCanBeSeen() {
        assertThat(parser.parse(
                                "WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a)"
                                        + " SELECT * FROM b WHERE x IN (WITH c AS (SELECT 1) SELECT * FROM C) AND y IN (TABLE c)")
                        .tables())
                .containsExactly("a", "c");
    }

    @Test
    void aQuotedNameWithADotIsOneName() {
        assertThat(parser.parse("SELECT * FROM `raw.a`, `raw`.`b`").tables()).containsExactly("`raw.a`", "raw.b");
    }

    @Test
    void namesNonDeterministicFunctionsWithAndWithoutParentheses() {
        assertThat(nonDeterministic("SELECT current_date, upper(a), rand() FROM raw.a WHERE b < now()"))
                .containsExactlyInAnyOrder("current_date", "rand", "now");
    }

    @Test
    void namesAggregatesThatTheGrammarTreatsApart() {
        assertThat(nonDeterministic("SELECT first(a) FROM raw.a")).containsExactly("first");
    }

    @Test
    void projectionsAndFiltersAreRowWise() {
        assertThat(parser.parse("SELECT a.b.c AS c FROM raw.t AS a WHERE c > 1").rowWise())
                .isTrue();
    }

    @Test
    void explodingIsNotRowWiseYetKeepsRowsApart() {
        ParsedSql lateral = parser.parse("SELECT e FROM raw.t LATERAL VIEW explode(es) x AS e");
        ParsedSql inline = parser.parse("SELECT explode(es) FROM raw.t");
        assertThat(lateral.rowWise()).isFalse();
        assertThat(lateral.mixesRows()).isFalse();
        assertThat(inline.rowWise()).isFalse();
        assertThat(inline.mixesRows()).isFalse();
    }

    @Test
    void aggregatesJoinsWindowsAndUnionsMixRows() {
        for (String sql : new String[] {
            "SELECT count(*) FROM raw.t",
            "SELECT first(a) FROM raw.t",
            "SELECT DISTINCT a FROM raw.t",
            "SELECT a FROM raw.t JOIN raw.u USING (a)",
            "SELECT row_number() OVER (ORDER BY a) FROM raw.t",
            "SELECT a FROM raw.t UNION ALL SELECT a FROM raw.u",
            "SELECT a FROM raw.t LIMIT 1"
        }) {
            assertThat(parser.parse(sql).mixesRows()).as(sql).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT a FROM raw.t WHERE a > 1 | raw.t",
                "SELECT e FROM Raw.T LATERAL VIEW explode(es) x AS e | raw.t",
                "SELECT * FROM raw.t JOIN raw.u USING (a) | raw.t raw.u",
                "SELECT * FROM raw.t, raw.u WHERE t.a = u.a | raw.t raw.u",
                "SELECT * FROM raw.t LEFT JOIN raw.u USING (a) JOIN raw.v USING (a) | raw.t raw.v",
                "SELECT * FROM raw.t RIGHT JOIN raw.u USING (a) | raw.u",
                "SELECT * FROM raw.t LEFT ANTI JOIN raw.u USING (a) | raw.t",
                "SELECT * FROM raw.t NATURAL LEFT JOIN raw.u | raw.t",
                "SELECT * FROM raw.t JOIN (SELECT a, max(b) AS b FROM raw.u GROUP BY a) USING (a) | raw.t",
                "SELECT /*+ BROADCAST(u) */ a FROM raw.t JOIN raw.u USING (a) | raw.t raw.u",
                "WITH c AS (SELECT a FROM raw.t) SELECT * FROM C JOIN raw.u USING (a) | raw.t raw.u"
            })
    void isLinearInTablesWhoseRowsGiveTheirOutputByThemselves(String sql, String tables) {
        assertThat(parser.parse(sql).linear()).containsExactlyInAnyOrder(tables.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM raw.t",
                "SELECT row_number() OVER (ORDER BY a) FROM raw.t",
                "SELECT DISTINCT a FROM raw.t",
                "SELECT a FROM raw.t LIMIT 1",
                "SELECT a FROM raw.t ORDER BY a",
                "SELECT a FROM raw.t FULL JOIN raw.u USING (a)",
                "SELECT a FROM raw.t UNION ALL SELECT a FROM raw.u",
                "SELECT a FROM raw.t x JOIN raw.t y USING (a)",
                "WITH c AS (SELECT a FROM raw.t) SELECT * FROM c x JOIN c y USING (a)",
                "SELECT a FROM raw.t WHERE a NOT IN (SELECT a FROM raw.u)",
                "SELECT a, (SELECT max(b) FROM raw.u) AS b FROM raw.t",
                "SELECT a FROM raw.t JOIN raw.u ON t.a = (SELECT max(a) FROM raw.v)",
                "SELECT a FROM raw.t JOIN (SELECT a FROM raw.u WHERE EXISTS (SELECT 1 FROM raw.t)) USING (a)",
                "WITH c AS (SELECT a FROM raw.t) SELECT a FROM c"
                        + " JOIN (SELECT a FROM raw.u WHERE a IN (SELECT a FROM c)) USING (a)"
            })
    void isLinearInNoTableWhereRowsAreSeenTogether(String sql) {
        assertThat(parser.parse(sql).linear()).isEmpty();
    }

    @Test
    void syntaxErrorsCarryLineAndColumn() {
        assertThatThrownBy(() -> parser.parse("SELECT a\nFROM raw.t WHERE )"))
                .isInstanceOfSatisfying(SqlParser.SqlSyntaxException.class, e -> {
                    assertThat(e.line()).isEqualTo(2);
                    assertThat(e.column()).isEqualTo(18);
                })
                .hasMessageStartingWith("Syntax error")
                .hasMessageNotContaining("[PARSE");
    }

    private List<String> nonDeterministic(String sql) {
        return parser.parse(sql).nonDeterministic().stream()
                .map(SqlParser.NonDeterministicUse::name)
                .toList();
    }
}
