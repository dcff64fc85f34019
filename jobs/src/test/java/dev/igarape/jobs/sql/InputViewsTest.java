package dev.igarape.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class InputViewsTest {
    @Test
    void keepsTheTableNameAsQualifier() {
        assertThat(InputViews.rewrite("SELECT orders.id FROM trusted.orders"))
                .isEqualTo("SELECT orders.id FROM input__trusted_orders AS `orders`");
    }

    @Test
    void keepsAliases() {
        assertThat(InputViews.rewrite("SELECT o.id FROM trusted . `orders` o JOIN raw.x AS y ON o.id = y.id"))
                .isEqualTo("SELECT o.id FROM input__trusted_orders o JOIN input__raw_x AS y ON o.id = y.id");
    }

    @Test
    void countsCharactersAsTheParserDoes() {
        assertThat(InputViews.rewrite("SELECT 'canoe \uD83D\uDEF6' AS s FROM raw.t"))
                .isEqualTo("SELECT 'canoe \uD83D\uDEF6' AS s FROM input__raw_t AS `t`");
    }

    @Test
    void rewritesInsideCommonTablesAndSubqueriesOnly() {
        assertThat(InputViews.rewrite("WITH c AS (SELECT 'raw.t' AS s FROM raw.t) SELECT s FROM c"
                        + " WHERE s IN (SELECT s FROM gold.u) -- raw.t"))
                .isEqualTo("WITH c AS (SELECT 'raw.t' AS s FROM input__raw_t AS `t`) SELECT s FROM c"
                        + " WHERE s IN (SELECT s FROM input__gold_u AS `u`) -- raw.t");
    }
}
