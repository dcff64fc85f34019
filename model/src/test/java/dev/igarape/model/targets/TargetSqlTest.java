package dev.igarape.model.targets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TargetSqlTest {
    private static final List<TableName> TABLES =
            List.of(TableName.parse("gold.orders"), TableName.parse("trusted.orders"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "FROM gold.orders | FROM dev_gold.orders",
                "FROM gold.orders, trusted.orders o | FROM dev_gold.orders, dev_trusted.orders o",
                "FROM GOLD . Orders | FROM dev_gold . Orders",
                "FROM \"gold\".\"orders\" | FROM \"dev_gold\".\"orders\"",
                "FROM lake.gold.orders | FROM lake.dev_gold.orders",
                "SELECT gold.orders.id | SELECT dev_gold.orders.id",
                "SELECT lake.gold.orders.id | SELECT lake.dev_gold.orders.id",
                "(SELECT 1 FROM(gold.orders)) | (SELECT 1 FROM(dev_gold.orders))",
                "SELECT 'it''s', 1 FROM gold.orders | SELECT 'it''s', 1 FROM dev_gold.orders"
            })
    void putsThePrefixBeforeTheDatabase(String declared, String onTarget) {
        assertThat(dev(declared)).isEqualTo(onTarget);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT 'gold.orders'",
                "SELECT 'it''s gold.orders'",
                "SELECT 1 -- gold.orders",
                "SELECT 1 /* -- */ + 2 /* gold.orders */",
                "SELECT \"gold.orders\"",
                "SELECT \"a\"\"gold.orders\"",
                "FROM postgresql.gold.orders",
                "FROM gold.ordersx",
                "FROM xgold.orders",
                "SELECT row.gold.orders",
                "SELECT orders.id",
                "FROM gold.others",
                "FROM dev_gold.orders",
                "SELECT gold . \"orders\"\"\""
            })
    void leavesAllElseAsItIs(String sql) {
        assertThat(dev(sql)).isEqualTo(sql);
    }

    @Test
    void leavesCommentsOfSeveralLinesAsTheyAre() {
        String sql = "SELECT 1 -- it's gold.orders\n/* gold.orders\n'gold.orders */";
        assertThat(dev(sql + " FROM gold.orders")).isEqualTo(sql + " FROM dev_gold.orders");
    }

    @Test
    void withoutAPrefixIsTheTextItself() {
        assertThat(new TargetSql(target("", "jdbc:trino://host:8080/lake"), TABLES).of("FROM gold.orders"))
                .isEqualTo("FROM gold.orders");
    }

    @Test
    void theCatalogIsThatOfTheAddress() {
        Target target = target("dev_", "jdbc:trino://host:8443/hive?SSL=true");
        assertThat(new TargetSql(target, TABLES).of("FROM hive.gold.orders, lake.gold.orders"))
                .isEqualTo("FROM hive.dev_gold.orders, lake.gold.orders");
    }

    private static String dev(String sql) {
        return new TargetSql(target("dev_", "jdbc:trino://host:8080/lake"), TABLES).of(sql);
    }

    private static Target target(String prefix, String trino) {
        return new Target(
                "dev", prefix, "hdfs://host", "/lake", "thrift://host", Map.of(), Map.of(), trino, "lake", Map.of());
    }
}
