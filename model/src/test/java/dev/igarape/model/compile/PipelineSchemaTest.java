package dev.igarape.model.compile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import dev.igarape.model.compile.table.KindReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class PipelineSchemaTest {
    private static final String ORDERS = "SELECT id FROM raw.orders";

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(resource());

    @TempDir
    private Path folder;

    @Test
    void isItselfValid() throws IOException {
        JsonSchema meta = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
        try (InputStream text = resource()) {
            assertThat(meta.validate(new ObjectMapper().readTree(text))).isEmpty();
        }
    }

    @Test
    void knowsTheKindsThatTheCompilerReads() throws IOException {
        try (InputStream text = resource()) {
            JsonNode definitions = new ObjectMapper().readTree(text).path("$defs");
            List<String> kinds = KindReader.BUILT_IN.stream()
                    .map(KindReader::key)
                    .filter(kind ->
                            definitions.path(kind + "Table").path("properties").has(kind))
                    .toList();
            assertThat(kinds).hasSameSizeAs(KindReader.BUILT_IN);
            assertThat(definitions.fieldNames())
                    .toIterable()
                    .filteredOn(name -> name.endsWith("Table"))
                    .hasSameSizeAs(kinds);
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void takesWhatIsShipped(Path file) throws IOException {
        assertThat(diagnostics(Files.readString(file))).isEmpty();
    }

    static List<Path> shipped() throws IOException {
        try (Stream<Path> folders = Files.list(ShippedPipelinesTest.PROJECT.resolve("pipelines"))) {
            return folders.map(folder -> folder.resolve("pipeline.yaml"))
                    .filter(Files::isRegularFile)
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{landing: {kafka: {topics: [a.b-c_d], start: 2024-01-01T00:00:00Z, event_time: at}}}",
                "{landing: {kafka: {topics: [a, b], start: latest, format: avro}}, retention: 1 day, description: x}",
                "{landing: {kafka: {topics: [a], format: json, event_time: at}}}",
                "{landing: {kafka: {topics: [a], format: bytes}}}",
                "{landing: {kafka: {topics: [a]}}, all_refused: fail}",
                "{landing: {files: {path: '/landing/x.csv', format: csv}}, all_refused: warn}",
                "{landing: {kafka: {topics: [a], partition_by: record_name}}}",
                "{landing: {kafka: {topics: [a], tombstones: drop}}}",
                "{landing: {kafka: {topics: [a], format: json, tombstones: quarantine}}}",
                "{landing: {kafka: {topics: [a], format: avro, partition_by: record_name}}}",
                "{landing: {kafka: {topics: [a], partition_by: topic}}}",
                "{landing: {kafka: {topics: [a], format: bytes, partition_by: topic}}}",
                "{landing: {jdbc: {url: 'jdbc:postgresql://db/shop', user: u, password: '${P}', table: public.a, by:"
                        + " at}}}",
                "{landing: {jdbc: {url: 'jdbc:mariadb://db:3306/shop?sslMode=verify-full', table: shop.a, by: at}}}",
                "{landing: {jdbc: {url: 'jdbc:mariadb://db/shop', table: a, drain: false}}}",
                "{landing: {jdbc: {url: '${DB}', table: a}}}",
                "{landing: {jdbc: {url: '${DB}', table: a, by: at, drain: true}}}",
                "{landing: {jdbc: {url: '${DB}', table: Preços, by: Order Date}}}",
                "{landing: {jdbc: {url: '${DB}', table: 'shop.\"Order \"\"Lines\"\"\"', by: '\"at\"'}}}",
                "{landing: {jdbc: {url: '${DB}', table: a}}, columns: {b: int, c: {from: C}, d: {from: date, type: date},"
                        + " e: {type: timestamp_ntz}}}",
                "{landing: {http: {url: 'https://a/b', params: {a: 1, b: true, c: '{date}'}}}, retention: forever}",
                "{landing: {http: {url: '${API}/b', format: json, pages: {param: p, first: 0, limit: 9}}}}",
                "{landing: {files: {path: '/landing/x/{date}/*.csv', format: csv, delimiter: ';', header: [a, b]}}}",
                "{landing: {files: {path: '${LANDING}/x/*.csv', format: csv, delimiter: \"\\t\"}}}",
                "{landing: {files: {path: /x/*.csv, format: csv, encoding: windows-1252}}}",
                "{landing: {files: {path: /x/*.json, format: json, encoding: 'ISO_8859-1:1987'}}}",
                "{landing: {kafka: {topics: [a]}, commit: {every: 5 minutes, or_size: 100 MB}}}",
                "{landing: {kafka: {topics: [a]}, commit: {every: 30 seconds}}}",
                "{landing: {files: {path: /x/*.csv, format: csv}, commit: {or_size: 1 GB}}}",
                "{landing: {files: {path: 's3a://bucket/x/date={date}/x.json', format: json}}}",
                "{landing: {files: {path: '/x/{yyyy}/{MM}/{dd}/{HH}/*', format: parquet, overlap: 7 days}}}",
                "{landing: {files: {path: '/x/{date}/*', format: text, encoding: utf-16, overlap: 1 day}}}",
                "{landing: {files: {path: '/x/{PartitionId}/*', format: avro, envelope: event-hubs}}}"
            })
    void agreesOnGoodLandings(String table) {
        assertAgreement("  raw.x: " + table, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{daily: {sql: orders.sql}}",
                "{daily: {sql: orders.sql, inputs: {raw.orders: {lookback: 2}}}, columns: {id: bigint}}",
                "{daily: {sql: orders.sql, inputs: {raw.orders: {}}}, retention: 48 hours}",
                "{daily: {sql: orders.sql}, expect: {a: {check: id > 0, on_fail: warn}}}",
                "{daily: {sql: orders.sql}, expect: {has_key: {check: id > 0, on_fail: warn}}}",
                "{daily: {sql: orders.sql}, expect: {has_time: {check: id > 0, on_fail: warn}}}",
                "{daily: {sql: orders.sql}, wait_for: complete}",
                "{daily: {sql: orders.sql}, all_refused: fail}",
                "{daily: {sql: orders.sql, time: at}, columns: {at: timestamp_ntz}}",
                "{daily: {sql: orders.sql, time: at, interval: 1 minute}}",
                "{daily: {sql: orders.sql, time: at, interval: 12 hours, inputs: {raw.orders: {}}}}",
                "{daily: {sql: orders.sql, time: at, interval: 720 minutes, inputs: {raw.orders: {lookback: 1 day}}}}",
                "{daily: {sql: orders.sql}, wait_for: complete, lateness: 90 minutes}",
                "{current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: timestamp}}",
                "{current: {sql: orders.sql, keys: [id, b], sequence_by: [at, c], delete_when: c > 1, change_feed: false},"
                        + " columns: {id: int, b: string, c: int, at: timestamp}, retention: forever, all_refused: fail}",
                "{current: {sql: orders.sql, keys: [id], sequence_by: [at], change_feed: true}, wait_for: complete,"
                        + " lateness: 2 hours, columns: {id: int, at: double}, expect: {a: {check: id > 0, on_fail: drop}}}",
                "{current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id < 0, tombstones: 48 hours}, columns:"
                        + " {id: int, at: timestamp}}",
                "{current: {sql: orders.sql, keys: [id], sequence_by: [at], ambiguous_sequence: warn}, columns: {id: int, at:"
                        + " timestamp}}",
                "{history: {sql: orders.sql, keys: [id], sequence_by: [at], ambiguous_sequence: fail}, columns: {id: int, at:"
                        + " timestamp, c: int}}",
                "{current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: true}, columns: {id: int, at: int, c:"
                        + " int}}",
                "{current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: [c]}, columns: {id: int, at: int, c:"
                        + " int}}",
                "{current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id < 0, tombstones: 1 day,"
                        + " ignore_null: [c]}, columns: {id: int, at: timestamp, c: int}}",
                "{view: {sql: orders.sql, from: [raw.orders]}, description: x}"
            })
    void agreesOnGoodTables(String table) {
        assertAgreement("  trusted.x: " + table, true);
        assertAgreement("  gold.x: " + table, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  raw.x: {}",
                "  raw.x:",
                "  raw.x: text",
                "  raw._x: {landing: {kafka: {topics: [a]}}}",
                "  Raw.x: {landing: {kafka: {topics: [a]}}}",
                "  ops.x: {landing: {kafka: {topics: [a]}}}",
                "  gold.x: {landing: {kafka: {topics: [a]}}}",
                "  raw.x: {landing: {}}",
                "  raw.x: {landing: {jdbc: {}}}",
                "  raw.x: {landing: {jdbc: {url: '${DB}', table: a, drain: id}}}",
                "  raw.x: {landing: {jdbc: {url: 'jdbc:mysql://db/a', table: a}}}",
                "  raw.x: {landing: {jdbc: {url: 'jdbc:mariadb://db/a', table: a, drain: true}}}",
                "  raw.x: {landing: {jdbc: {url: 'jdbc:postgresql://db/a', table: a, password: secret}}}",
                "  raw.x: {landing: {jdbc: {url: 'jdbc:postgresql://db/a', table: a b}}}",
                "  raw.x: {landing: {jdbc: {url: 'jdbc:postgresql://db/a', table: a.b.c}}}",
                "  raw.x: {landing: {jdbc: {url: 'jdbc:postgresql://db/a', table: '\"a'}}}",
                "  raw.x: {landing: {jdbc: {url: 'jdbc:postgresql://db/a', table: a, by: \"a\\nb\"}}}",
                "  raw.x: {landing: {jdbc: {url: '${DB}', table: a}}, columns: {date: date}}",
                "  raw.x: {landing: {jdbc: {url: '${DB}', table: a}}, columns: {b: {}}}",
                "  raw.x: {landing: {jdbc: {url: '${DB}', table: a}}, columns: {b: {as: c}}}",
                "  raw.x: {landing: {jdbc: {url: '${DB}', table: a}}, columns: {}}",
                "  raw.x: {landing: {kafka: {topics: [a]}}, columns: {b: int}}",
                "  raw.x: {landing: {kafka: {}}}",
                "  raw.x: {landing: {kafka: {topics: []}}}",
                "  raw.x: {landing: {kafka: {topics: [a, a]}}}",
                "  raw.x: {landing: {kafka: {topics: [../a]}}}",
                "  raw.x: {landing: {kafka: {topics: [a..b]}}}",
                "  raw.x: {landing: {kafka: {topics: [.]}}}",
                "  raw.x: {landing: {kafka: {topics: [a], start: soon}}}",
                "  raw.x: {landing: {kafka: {topics: [a], format: xml}}}",
                "  raw.x: {landing: {kafka: {topics: [a], format: bytes, event_time: at}}}",
                "  raw.x: {landing: {kafka: {topics: [a], event_time: a.b}}}",
                "  raw.x: {landing: {kafka: {topics: [a], partition_by: kind}}}",
                "  raw.x: {landing: {kafka: {topics: [a], partition_by: [record_name]}}}",
                "  raw.x: {landing: {kafka: {topics: [a], format: json, partition_by: record_name}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, http: {url: 'http://a'}}}",
                "  raw.x: {landing: {http: {url: 'http://a'}}, all_refused: fail}",
                "  raw.x: {landing: {kafka: {topics: [a]}}, all_refused: drop}",
                "  raw.x: {landing: {http: {url: 'ftp://a'}}}",
                "  raw.x: {landing: {files: {path: /x/*}}}",
                "  raw.x: {landing: {files: {format: csv}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: xml}}}",
                "  raw.x: {landing: {files: {path: x/*, format: csv}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: csv, delimiter: ab}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: csv, header: []}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: csv, header: [a, a]}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: json, header: [a]}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: csv, encoding: two words}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: csv, encoding: ''}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: avro, encoding: utf-8}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: text, delimiter: ';'}}}",
                "  raw.x: {landing: {files: {path: '/x/{PartitionId}/*', format: csv, envelope: event-hubs}}}",
                "  raw.x: {landing: {files: {path: '/x/{date}/*', format: csv, overlap: 2}}}",
                "  raw.x: {landing: {files: {path: '/x/{date}/*', format: csv, overlap: 2 hours}}}",
                "  raw.x: {landing: {files: {path: /x/*, format: csv}, kafka: {topics: [a]}}}",
                "  raw.x: {landing: {commit: {every: 5 minutes}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, commit: {}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, commit: 5 minutes}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, commit: {every: 5 weeks}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, commit: {every: 0 minutes}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, commit: {every: 300}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, commit: {or_size: 1000 MB}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}, commit: {size: 1 MB}}}",
                "  raw.x: {landing: {kafka: {topics: [a], commit: {every: 5 minutes}}}}",
                "  raw.x: {landing: {http: {url: 'http://a'}, commit: {every: 5 minutes}}}",
                "  raw.x: {landing: {jdbc: {url: '${DB}', table: a}, commit: {every: 5 minutes}}}",
                "  raw.x: {landing: {http: {url: 'http://a?b'}}}",
                "  raw.x: {landing: {http: {url: 'http://a', params: {a: null}}}}",
                "  raw.x: {landing: {http: {url: 'http://a', params: {a: [b]}}}}",
                "  raw.x: {landing: {http: {url: 'http://a', pages: {param: p}}}}",
                "  raw.x: {landing: {http: {url: 'http://a', pages: {param: p, limit: 0}}}}",
                "  raw.x: {landing: {kafka: {topics: [a]}}, retention: 0 days}",
                "  raw.x: {landing: {kafka: {topics: [a]}}, retention: 7}",
                "  raw.x: {landing: {kafka: {topics: [a]}}, columns: {a: int}}",
                "  raw.x: {landing: {kafka: {topics: [a]}}, expect: {a: {check: b, on_fail: warn}}}",
                "  raw.x: {daily: {sql: orders.sql}}",
                "  gold.x: {daily: orders.sql}",
                "  gold.x: {daily: {sql: a/orders.sql}}",
                "  gold.x: {daily: {sql: orders.sql}, view: {sql: orders.sql, from: [raw.orders]}}",
                "  gold.x: {daily: {sql: orders.sql, inputs: {raw.orders: {lookback: -1}}}}",
                "  gold.x: {daily: {sql: orders.sql, inputs: {raw.orders: {lookback: 1.5}}}}",
                "  gold.x: {daily: {sql: orders.sql, inputs: {raw.orders: {lookback: 5 minutes}}}}",
                "  gold.x: {daily: {sql: orders.sql, inputs: {raw.orders: {refresh: daily}}}}",
                "  gold.x: {daily: {sql: orders.sql, inputs: {raw.orders: {refresh: true}}}}",
                "  gold.x: {daily: {sql: orders.sql, time: date}}",
                "  gold.x: {daily: {sql: orders.sql, time: Ordered At}}",
                "  gold.x: {daily: {sql: orders.sql, time: 1}}",
                "  gold.x: {daily: {sql: orders.sql, interval: 5 minutes}}",
                "  gold.x: {daily: {sql: orders.sql, time: at, interval: 7 minutes}}",
                "  gold.x: {daily: {sql: orders.sql, time: at, interval: 60 seconds}}",
                "  gold.x: {daily: {sql: orders.sql, time: at, interval: 24 hours}}",
                "  gold.x: {daily: {sql: orders.sql, time: at, interval: 300}}",
                "  gold.x: {daily: {sql: orders.sql, time: at, interval: 1 hour, inputs: {raw.orders: {lookback: 1}}}}",
                "  gold.x: {daily: {sql: orders.sql, time: at, interval: 1 hour, inputs: {raw.orders: {lookback: ever}}}}",
                "  gold.x: {daily: {sql: orders.sql}, columns: {}}",
                "  gold.x: {daily: {sql: orders.sql}, columns: {date: date}}",
                "  gold.x: {daily: {sql: orders.sql}, columns: {Id: int}}",
                "  gold.x: {daily: {sql: orders.sql}, columns: {id: 1}}",
                "  gold.x: {daily: {sql: orders.sql}, expect: {a: {check: id > 0}}}",
                "  gold.x: {daily: {sql: orders.sql}, expect: {a: {check: id > 0, on_fail: quarantin}}}",
                "  gold.x: {daily: {sql: orders.sql}, expect: {a: {check: ' ', on_fail: warn}}}",
                "  gold.x: {daily: {sql: orders.sql}, expect: {A: {check: id > 0, on_fail: warn}}}",
                "  gold.x: {daily: {sql: orders.sql, time: at}, expect: {has_time: {check: id > 0, on_fail: warn}}}",
                "  gold.x: {daily: {sql: orders.sql}, unique: {keys: [id]}}",
                "  gold.x: {daily: {sql: orders.sql}, wait_for: ever}",
                "  gold.x: {daily: {sql: orders.sql}, lateness: 2 hours}",
                "  gold.x: {daily: {sql: orders.sql}, wait_for: complete, lateness: 0 hours}",
                "  gold.x: {daily: {sql: orders.sql}, wait_for: complete, lateness: 2}",
                "  gold.x: {view: {sql: orders.sql, from: [raw.orders]}, wait_for: complete}",
                "  raw.x: {landing: {kafka: {topics: [a]}}, wait_for: complete}",
                "  gold.x: {view: {sql: orders.sql}}",
                "  gold.x: {view: {sql: orders.sql, from: []}}",
                "  gold.x: {view: {sql: orders.sql, from: [raw.orders, raw.orders]}}",
                "  gold.x: {view: {sql: orders.sql, from: [raw.orders]}, retention: 7 days}",
                "  raw.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {}}",
                "  gold.x: {current: {sql: orders.sql, keys: [], sequence_by: [at]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id, id], sequence_by: [at]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: id, sequence_by: [at]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [Id], sequence_by: [at]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, sequence_by: [at]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {keys: [id], sequence_by: [at]}, columns: {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], change_feed: 1}, columns: {id: int,"
                        + " at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: ''}, columns: {id: int,"
                        + " at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], time: at}, columns: {id: int, at:"
                        + " timestamp}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], inputs: {}}, columns: {id: int, at:"
                        + " int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], ambiguous_sequence: quarantine}, columns:"
                        + " {id: int, at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], tombstones: 1 day}, columns: {id: int,"
                        + " at: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: all}, columns: {id: int, at:"
                        + " int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], ignore_null: []}, columns: {id: int, at:"
                        + " int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at], delete_when: id < 0, tombstones: 1},"
                        + " columns: {id: int, at: timestamp}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: int},"
                        + " retention: 7 days}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: int, date:"
                        + " date}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: int,"
                        + " _commit_version: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: int},"
                        + " lateness: 2 hours}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: int,"
                        + " __igarape_x: int}}",
                "  gold.x: {current: {sql: orders.sql, keys: [id], sequence_by: [at]}, columns: {id: int, at: int}, expect:"
                        + " {has_key: {check: id > 0, on_fail: warn}}}",
                "  gold.x: {history: {}}"
            })
    void agreesOnBadTables(String table) {
        assertAgreement(table, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schedule: 0 3 * * mon-fri",
                "schedule: '*/5 0 1,15 * *'",
                "schedule: none",
                "start_date: 2024-02-29",
                "timezone: America/Sao_Paulo",
                "tags: []",
                "tags: [a, b]",
                "description: x",
                "owner: yes"
            })
    void agreesOnGoodHeads(String line) {
        assertAgreement(head(line), TestProject.LANDING, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pipeline: Shop",
                "pipeline: 1",
                "owner:",
                "owner: 1",
                "schedule: 0 3 * *",
                "schedule: daily",
                "schedule: '@continuous'",
                "start_date: 2024-1-1",
                "start_date: 2024-13-01",
                "start_date: 20240101",
                "timezone: ' '",
                "tags: a",
                "tags: [a, a]",
                "tags: [1]",
                "description: [x]",
                "note: x"
            })
    void agreesOnBadHeads(String line) {
        assertAgreement(head(line), TestProject.LANDING, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipeline", "owner", "schedule", "start_date"})
    void agreesOnWhatMustBeThere(String key) {
        String head = TestProject.HEAD.replaceAll("(?m)^" + key + ":.*\n", "");
        assertAgreement(head, TestProject.LANDING, false);
    }

    /** The usual head with this line in the place of the one with the same key. */
    private static String head(String line) {
        String key = line.substring(0, line.indexOf(':'));
        return line + "\n" + TestProject.HEAD.replaceAll("(?m)^" + key + ":.*\n", "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "current: {from: raw.changes, cdc: debezium, keys: [id]} | true",
                "current: {from: raw.changes, cdc: debezium, keys: [id], epochs: [a, b-2], change_feed: false} | true",
                "history: {from: raw.changes, cdc: debezium, keys: [id], track: [note]} | true",
                "current: {from: raw.changes, cdc: debezium} | false",
                "current: {from: raw.changes, cdc: other, keys: [id]} | false",
                "current: {from: raw.changes, keys: [id]} | false",
                "current: {from: raw.changes, cdc: debezium, keys: [id], sequence_by: [id]} | false",
                "history: {from: raw.changes, cdc: debezium, keys: [id], ambiguous_sequence: warn} | false",
                "history: {from: raw.changes, cdc: debezium, keys: [id], epochs: [a, a]} | false",
                "current: {sql: orders.sql, cdc: debezium, keys: [id], sequence_by: [id]} | false"
            })
    void agreesOnCapturedChanges(String body, boolean good) {
        assertAgreement(
                TestProject.HEAD,
                "  raw.changes: {landing: {kafka: {topics: [a], tombstones: drop}}}\n  trusted.x: {" + body
                        + ", columns: {id: int, note: string}}\n",
                good);
    }

    private void assertAgreement(String table, boolean good) {
        assertAgreement(TestProject.HEAD, TestProject.LANDING + table + "\n", good);
    }

    private void assertAgreement(String head, String tables, boolean good) {
        List<String> parser = new TestProject(folder)
                .with("pipelines/shop/pipeline.yaml", head + tables)
                .with("pipelines/shop/orders.sql", ORDERS)
                .diagnostics();
        assertThat(parser.isEmpty()).as("parser: %s", parser).isEqualTo(good);
        List<String> schema = diagnostics(head + tables);
        assertThat(schema.isEmpty()).as("schema: %s", schema).isEqualTo(good);
    }

    private static List<String> diagnostics(String yaml) {
        Object value = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        JsonNode tree = new ObjectMapper().valueToTree(value);
        return SCHEMA.validate(tree).stream().map(Object::toString).toList();
    }

    private static InputStream resource() {
        return PipelineSchemaTest.class.getResourceAsStream("/dev/igarape/model/pipeline.schema.json");
    }
}
