package dev.igarape.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.TableName;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every way to name a column of an input means what it means over tables of a catalog. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class InputQueryTest {
    private static SparkSession session;
    private static InputQuery query;

    @BeforeAll
    static void start(TestingSpark spark) {
        session = spark.newSession();
        Dataset<Row> orders =
                session.sql("SELECT id, named_struct('b', id * 10, 'trusted', 0) AS a, array(id, -id) AS es"
                        + " FROM VALUES (1), (2) AS t (id)");
        Dataset<Row> others = session.sql("SELECT id, 'other' AS name FROM VALUES (2), (3) AS t (id)");
        query = new InputQuery(Map.of(name("trusted.x"), orders, name("raw.x"), others, name("gold.y"), others));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "SELECT trusted.x.id FROM trusted.x | 1 2",
                "SELECT x.id FROM trusted . `x` | 1 2",
                "SELECT `trusted`.`x`.`id` FROM TRUSTED.X | 1 2",
                "SELECT TRUSTED.x.ID FROM trusted.x -- trusted.x.no | 1 2",
                "SELECT trusted.x.a.b FROM trusted.x | 10 20",
                "SELECT x.a.b + trusted.x.es[0] FROM trusted.x | 11 22",
                "SELECT '\uD83D\uDEF6 trusted.x.id' FROM trusted.x WHERE trusted.x.id = 1 | \uD83D\uDEF6 trusted.x.id",
                "SELECT sum(trusted.x.id) FROM trusted.x GROUP BY trusted.x.a.trusted HAVING sum(trusted.x.id) > 0 | 3",
                "SELECT id FROM trusted.x ORDER BY trusted.x.id DESC | 2 1",
                "SELECT max(trusted.x.id) OVER (PARTITION BY trusted.x.a.trusted) FROM trusted.x | 2 2",
                "SELECT trusted.x.id FROM trusted.x JOIN raw.x ON trusted.x.id = raw.x.id | 2",
                "SELECT raw.x.name FROM trusted.x LEFT JOIN raw.x USING (id) ORDER BY trusted.x.id | null other",
                "SELECT gold.y.id FROM gold.y WHERE gold.y.id IN (SELECT trusted.x.id FROM trusted.x) | 2",
                "SELECT id FROM gold.y WHERE EXISTS (SELECT 1 FROM trusted.x WHERE trusted.x.id = gold.y.id) | 2",
                "SELECT (SELECT count(*) FROM trusted.x WHERE trusted.x.id <= gold.y.id) FROM gold.y | 2 2",
                "SELECT count(*) FROM trusted.x, LATERAL (SELECT trusted.x.id AS n WHERE trusted.x.id > 1) | 1",
                "SELECT e FROM trusted.x LATERAL VIEW explode(trusted.x.es) t AS e ORDER BY e | -2 -1 1 2",
                "WITH c AS (SELECT trusted.x.id FROM trusted.x) SELECT c.id FROM c | 1 2",
                "WITH x AS (SELECT raw.x.id FROM raw.x), y AS (SELECT id FROM x) SELECT x.id FROM x, y | 2 2 3 3",
                "SELECT x.n FROM (WITH d AS (SELECT x.id AS n FROM trusted.x) SELECT n FROM d) AS x | 1 2",
                "SELECT id FROM trusted.x UNION ALL (SELECT trusted.x.id FROM trusted.x EXCEPT SELECT 1) | 1 2 2",
                "SELECT t.id FROM trusted.x AS t JOIN trusted.x AS u ON t.id = u.a.b / 10 | 1 2",
                "SELECT x.name FROM trusted.x AS t JOIN raw.x ON t.id = raw.x.id | other",
                "SELECT count(*) FROM (TABLE trusted.x) | 2",
                "SELECT trusted.id FROM raw.x AS trusted | 2 3",
                "SELECT /*+ BROADCAST(x) */ trusted.x.id FROM trusted.x TABLESAMPLE (100 PERCENT) | 1 2"
            })
    void namesAreResolvedAsOverTables(String sql, String values) {
        assertThat(String.join(
                        " ",
                        query.dataset(session, sql).collectAsList().stream()
                                .map(row -> String.valueOf(row.get(0)))
                                .toList()))
                .isEqualTo(values);
    }

    @Test
    void starsMayBeQualifiedByLayerAndTable() {
        assertThat(query.dataset(
                                session,
                                "SELECT trusted.x.*, raw.x.* FROM trusted.x JOIN raw.x ON raw.x.id = trusted.x.id")
                        .columns())
                .containsExactly("id", "a", "es", "id", "name");
        assertThat(query.dataset(session, "SELECT trusted.x.a.* FROM trusted.x").columns())
                .containsExactly("b", "trusted");
    }

    @Test
    void whatIsNoInputIsNotFound() {
        assertThatThrownBy(() -> query.dataset(session, "SELECT 1 FROM trusted.z"))
                .hasMessageContaining("`trusted`.`z`");
        assertThatThrownBy(() -> query.dataset(session, "SELECT trusted.x.id FROM trusted.x AS t"))
                .hasMessageContaining("`trusted`.`x`.`id`");
        assertThatThrownBy(() -> query.dataset(session, "SELECT 1 FROM `trusted.x`"))
                .hasMessageContaining("`trusted.x`");
    }

    @Test
    void literalsAreReadInTheSessionsTimeZone() {
        SparkSession there = session.newSession();
        there.conf().set("spark.sql.session.timeZone", "America/Sao_Paulo");
        assertThat(query.dataset(there, "SELECT unix_seconds(TIMESTAMP '1970-01-01 00:00:00') FROM gold.y LIMIT 1")
                        .collectAsList())
                .extracting(row -> row.get(0))
                .isEqualTo(List.of(10_800L));
    }

    private static TableName name(String name) {
        return TableName.parse(name);
    }
}
