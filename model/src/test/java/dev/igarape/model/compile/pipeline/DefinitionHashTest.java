package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DefinitionHashTest {
    private static final String YAML = TestProject.HEAD + TestProject.LANDING + """
              trusted.orders:
                description: Orders.
                daily: {sql: orders.sql}
                columns: {id: bigint, name: string}
                expect:
                  a: {check: "id > 0", on_fail: warn}
                  b: {check: "id < 9", on_fail: drop}
                retention: 7 days
            """;
    private static final String SQL = "SELECT id,\n  name\nFROM raw.orders\n";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "description: Orders. | description: Others.",
                "{sql: orders.sql} | {  sql:   orders.sql  } # comment",
                "id: bigint | id: long",
                "retention: 7 days | retention: forever",
                "owner: data-platform | owner: others",
                "daily: {sql: orders.sql} | daily: {sql: orders.sql, inputs: {raw.orders: {lookback: 0}}}"
            })
    void staysWhereRowsStay(String text, String instead) {
        assertThat(hash(YAML.replace(text.strip(), instead.strip()), SQL)).isEqualTo(hash(YAML, SQL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "id: bigint | id: int",
                "id: bigint, name: string | name: string, id: bigint",
                "id > 0 | id > 1",
                "on_fail: warn | on_fail: fail",
                "start_date: | timezone: Asia/Tokyo%start_date:",
                "daily: {sql: orders.sql} | daily: {sql: orders.sql, inputs: {raw.orders: {lookback: 1}}}"
            })
    void changesWhereRowsMay(String text, String instead) {
        String yaml = YAML.replace(text.strip(), instead.strip().replace("%", "\n"));
        assertThat(hash(yaml, SQL)).isNotEqualTo(hash(YAML, SQL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"from: Id | from: ID", "bigint | int", "type: bigint | type: bigint}, b: {from: c"})
    void changesWithTheColumnsOfALanding(String text, String instead) {
        String yaml = TestProject.HEAD + """
                  raw.orders:
                    landing: {jdbc: {url: "${DB}", table: orders}}
                    columns: {a: {from: Id, type: bigint}}
                """;
        assertThat(landingHash(yaml.replace(text.strip(), instead.strip()))).isNotEqualTo(landingHash(yaml));
    }

    private String landingHash(String yaml) {
        return new TestProject(folder)
                .with("pipelines/shop/pipeline.yaml", yaml)
                .manifest()
                .table(TableName.parse("raw.orders"))
                .orElseThrow()
                .definitionHash();
    }

    @Test
    void ignoresTheOrderOfKeys() {
        String reordered = YAML.replace("      a: {check: \"id > 0\", on_fail: warn}\n", "")
                .replace("    retention", "      a: {on_fail: warn, check: \"id > 0\"}\n    retention");
        assertThat(reordered).isNotEqualTo(YAML);
        assertThat(hash(reordered, SQL)).isEqualTo(hash(YAML, SQL));
    }

    @Test
    void ignoresBlanksAtLineEndsOfSqlOnly() {
        assertThat(hash(YAML, "SELECT id,  \r\n  name\t\nFROM raw.orders")).isEqualTo(hash(YAML, SQL));
        assertThat(hash(YAML, "SELECT id,\n name\nFROM raw.orders")).isNotEqualTo(hash(YAML, SQL));
    }

    private String hash(String yaml, String sql) {
        return new TestProject(folder)
                .with("pipelines/shop/pipeline.yaml", yaml)
                .with("pipelines/shop/orders.sql", sql)
                .manifest()
                .table(TableName.parse("trusted.orders"))
                .orElseThrow()
                .definitionHash();
    }
}
