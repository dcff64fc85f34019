package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    @ValueSource(
            strings = {
                "time: at",
                "time: at, interval: 10 minutes",
                "time: other, interval: 5 minutes",
                "time: at, interval: 5 minutes, inputs: {raw.orders: {lookback: 1 minute}}",
                "time: at, interval: 5 minutes, inputs: {raw.orders: {lookback: 60 minutes}}"
            })
    void changesWithIntervals(String daily) {
        assertThat(intervalHash(daily)).isNotEqualTo(intervalHash("time: at, interval: 5 minutes"));
    }

    @Test
    void staysWhereDurationsAreWrittenOtherwise() {
        String daily = "time: at, interval: 1 hour, inputs: {raw.orders: {lookback: 60 minutes}}";
        assertThat(intervalHash(daily.replace("1 hour", "60 minutes").replace("60 minutes}", "1 hour}")))
                .isEqualTo(intervalHash(daily));
    }

    private String intervalHash(String daily) {
        return hash(
                YAML.replace("sql: orders.sql", "sql: orders.sql, " + daily)
                        .replace("id: bigint", "id: bigint, at: timestamp, other: timestamp"),
                SQL);
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

    /** It says when rows are landed, not which. */
    @ParameterizedTest
    @ValueSource(strings = {"every: 5 minutes", "or_size: 100 MB", "every: 1 hour, or_size: 1 GB"})
    void staysWhateverALandingSaysOfItsCommits(String commit) {
        String landing = "{kafka: {topics: [orders]}}";
        String yaml = TestProject.HEAD + "  raw.orders: {landing: " + landing + "}\n";
        assertThat(landingHash(yaml.replace("}}}", "}, commit: {" + commit + "}}}")))
                .isEqualTo(landingHash(yaml));
    }

    @ParameterizedTest
    @ValueSource(strings = {"change_feed: true", "change_feed: false", "ambiguous_sequence: fail"})
    void staysWhereAKeyDecidesNoRows(String key) {
        assertThat(currentHash("keys: [id, name], sequence_by: [at, n], delete_when: n > 0, " + key))
                .isEqualTo(currentHash("keys: [name, id], sequence_by: [at, n], delete_when: ' n > 0'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keys: [id], sequence_by: [at, n], delete_when: n > 0",
                "keys: [id, name], sequence_by: [at], delete_when: n > 0",
                "keys: [id, name], sequence_by: [n, at], delete_when: n > 0",
                "keys: [id, name], sequence_by: [at, n], delete_when: n > 1",
                "keys: [id, name], sequence_by: [at, n]"
            })
    void changesWithKeysSequenceAndDeletes(String current) {
        assertThat(currentHash(current))
                .isNotEqualTo(currentHash("keys: [id, name], sequence_by: [at, n], delete_when: n > 0"));
    }

    private String currentHash(String current) {
        return hash(
                YAML.replace("daily: {sql: orders.sql}", "current: {sql: orders.sql, " + current + "}")
                        .replace("id: bigint", "id: bigint, at: timestamp, n: int")
                        .replace("retention: 7 days", "retention: forever"),
                SQL);
    }

    /** Ledgers hold these: another hash of the same definition would make every date stale. */
    @Test
    void isTheSameInEveryRelease() {
        String yaml = TestProject.HEAD + """
                  raw.topic:
                    landing: {kafka: {topics: [orders], event_time: at, partition_by: record_name, tombstones: drop}}
                  raw.api:
                    landing: {http: {url: "${API}/v1", params: {date: "{date}"}, pages: {param: page, first: 1, limit: 9}}}
                  raw.files:
                    landing: {files: {path: "/in/*.csv", format: csv}}
                  raw.database:
                    landing: {jdbc: {url: "${DB}", table: public.orders, by: day}}
                    columns: {a: {from: Id, type: bigint}}
                  trusted.orders:
                    daily: {sql: orders.sql, inputs: {raw.api: {lookback: 1}}}
                    columns: {id: bigint}
                    expect: {a: {check: "id > 0", on_fail: warn}}
                  gold.orders:
                    view: {sql: view.sql, from: [trusted.orders]}
                """;
        Map<String, String> hashes = new TreeMap<>();
        new TestProject(folder)
                .with("pipelines/shop/pipeline.yaml", yaml)
                .with("pipelines/shop/orders.sql", "SELECT id FROM raw.api")
                .with("pipelines/shop/view.sql", "SELECT id FROM trusted.orders")
                .manifest()
                .pipelines()
                .get(0)
                .tables()
                .forEach(table -> hashes.put(table.name().toString(), table.definitionHash()));
        assertThat(hashes)
                .isEqualTo(Map.of(
                        "raw.topic", "449d063e7da76e5d194c23367734bdb3f78394a4204b88c5ff03b8f2ea28d017",
                        "raw.api", "917d554f6ff512fcea90b13f7c86828077b098ebc985eb543645760486356e0f",
                        "raw.files", "0fd6a89575afff53cce0ab7658cbea253f6f906ce113424a93ef6f3f7d34c6ad",
                        "raw.database", "fed2414644b3b9cbb5b580cd6561144c3876910fab24b678d5d69fa28d4c1964",
                        "trusted.orders", "60799fe10cd580da6979c278ad1f618c560dbc24783e0f70f86b3e75e96e42cb",
                        "gold.orders", "55a89737e34f91b69fa2f0dae0295b4a497d08010daf27d56431a810fb6bb95e"));
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
