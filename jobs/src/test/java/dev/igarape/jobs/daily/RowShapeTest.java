package dev.igarape.jobs.daily;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which queries give a row for a row, so that the balance of a build can count input rows. */
@ExtendWith(TestServers.class)
@Timeout(300)
final class RowShapeTest {
    private static SparkSession session;

    @BeforeAll
    static void start(TestingSpark spark) {
        session = spark.newSession();
        session.range(3).selectExpr("id", "array(id, id) AS twice").createOrReplaceTempView("orders");
        session.range(2).createOrReplaceTempView("customers");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM orders",
                "SELECT id + 1 AS next, upper('x') AS x FROM orders AS o",
                "SELECT n FROM (SELECT id AS n FROM orders)"
            })
    void projectionsKeepEveryRow(String sql) {
        assertThat(shape(sql)).isEqualTo(new RowShape(true, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM orders WHERE id > 1",
                "SELECT n FROM (SELECT id AS n FROM orders WHERE id > 1)",
                "SELECT * FROM (SELECT id AS n FROM orders) WHERE n > 1"
            })
    void filtersMayLeaveRowsOut(String sql) {
        assertThat(shape(sql)).isEqualTo(new RowShape(true, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) AS orders FROM orders WHERE id > 1",
                "SELECT DISTINCT id FROM orders",
                "SELECT explode(twice) AS id FROM orders",
                "SELECT orders.id FROM orders JOIN customers ON orders.id = customers.id",
                "SELECT id FROM orders UNION ALL SELECT id FROM customers",
                "SELECT id, row_number() OVER (ORDER BY id) AS n FROM orders",
                "SELECT id FROM orders LIMIT 1"
            })
    void rowsThatAreMadeOfSeveralOrOfNoneAreNotCountedAgainstTheInput(String sql) {
        assertThat(shape(sql)).isEqualTo(new RowShape(false, false));
    }

    /** A filter by another input may leave rows out, but reads more than one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM orders WHERE id IN (SELECT id FROM customers)",
                "SELECT id, (SELECT max(id) FROM customers) AS last FROM orders"
            })
    void subqueriesReadAnotherInput(String sql) {
        assertThat(shape(sql)).isEqualTo(new RowShape(false, false));
    }

    private static RowShape shape(String sql) {
        return RowShape.of(session.sql(sql).queryExecution().analyzed());
    }
}
