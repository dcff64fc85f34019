package dev.igarape.model.compile.landing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.CommitRule;
import dev.igarape.model.Definition;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LandingReaderTest {
    @TempDir
    private Path folder;

    @Test
    void takeDefaults() {
        assertThat(source("kafka: {topics: [orders, returns]}"))
                .isEqualTo(new Source.Kafka(
                        List.of("orders", "returns"), "earliest", "avro", Optional.empty(), Optional.empty()));
        assertThat(project("{http: {url: 'http://${HOST}:${PORT}/v1'}}").diagnostics())
                .isEmpty();
        assertThat(source("http: {url: 'https://api.example.com/v1'}"))
                .isEqualTo(new Source.Http("https://api.example.com/v1", Map.of(), "json", Optional.empty()));
    }

    @Test
    void takeEverything() {
        assertThat(source("kafka: {topics: [a], start: 2024-01-01T00:00:00Z, format: avro, event_time: at,"
                        + " partition_by: record_name, tombstones: drop}"))
                .isEqualTo(new Source.Kafka(
                        List.of("a"),
                        "2024-01-01T00:00:00Z",
                        "avro",
                        Optional.of("at"),
                        Optional.of(Source.Kafka.RECORD_NAME),
                        Optional.of(Source.Kafka.DROP)));
        assertThat(source("http: {url: '${API}/v1', params: {n: 10, full: true, key: '${API_KEY}', day: 'd{date}'},"
                        + " pages: {param: page, first: 0, limit: 50}}"))
                .isEqualTo(new Source.Http(
                        "${API}/v1",
                        Map.of("n", "10", "full", "true", "key", "${API_KEY}", "day", "d{date}"),
                        "json",
                        Optional.of(new Source.Pages("page", 0, 50))));
    }

    @Test
    void sayWhenTheyCommit() {
        assertThat(rule("kafka: {topics: [a]}, commit: {every: 5 minutes, or_size: 100 MB}"))
                .contains(new CommitRule(Optional.of(Duration.ofMinutes(5)), Optional.of(100L << 20)));
        assertThat(rule("files: {path: /a/*, format: csv}, commit: {every: 1 day}"))
                .contains(new CommitRule(Optional.of(Duration.ofDays(1)), Optional.empty()));
        assertThat(rule("commit: {or_size: 2 GB}, kafka: {topics: [a]}"))
                .contains(new CommitRule(Optional.empty(), Optional.of(2L << 30)));
        assertThat(rule("kafka: {topics: [a]}")).isEmpty();
    }

    private Optional<CommitRule> rule(String landing) {
        return project("{" + landing + "}")
                .manifest()
                .table(TableName.parse("raw.orders"))
                .orElseThrow()
                .definition()
                .commitRule();
    }

    @Test
    void anEncodingIsOneWhateverItIsCalled() {
        for (String name : List.of("latin1", "ISO-8859-1", "iso_8859-1")) {
            assertThat(source("files: {path: /a/*, format: csv, encoding: " + name + "}"))
                    .isEqualTo(new Source.Files("/a/*", "csv", ",", List.of(), "ISO-8859-1"));
        }
        assertThat(source("files: {path: /a/*, format: json}"))
                .isEqualTo(new Source.Files("/a/*", "json", "", List.of(), "UTF-8"));
    }

    @Test
    void foldersOfDatesAndCapturesAreOfAnyDepth() {
        String path = "/c/{Namespace}/{EventHub}/{PartitionId}/{yyyy}/{MM}/{dd}/{HH}/{mm}/{ss}.avro";
        assertThat(source("files: {path: '" + path + "', format: avro, envelope: event-hubs, overlap: 7 days}"))
                .isEqualTo(
                        new Source.Files(path, "avro", "", List.of(), "", Optional.of("event-hubs"), Optional.of(7)));
        assertThat(source("files: {path: '/a/dt={date}/*', format: parquet}"))
                .isEqualTo(new Source.Files("/a/dt={date}/*", "parquet", "", List.of(), ""));
    }

    @Test
    void goOnWhereAnotherTableEnds() {
        String first = "  raw.a: {landing: {kafka: {topics: [a, b], start: %s}}}\n";
        String second = "  raw.a_2: {landing: {kafka: {topics: [a], start: after raw.a}}}\n";
        String third = "  raw.a_3: {landing: {kafka: {topics: [a], start: after %s}}}\n";

        TestProject project = new TestProject(folder);
        assertThat(project.tables(first.formatted("earliest"), second, third.formatted("raw.a_2"))
                        .diagnostics())
                .isEmpty();
        assertThat(project.tables(first.formatted("earliest"), second, third.formatted("raw.a"))
                        .diagnostics())
                .singleElement()
                .asString()
                .contains("raw.a_3 and raw.a_2 both start after raw.a.");
        assertThat(project.tables(first.formatted("after raw.a_2"), second).diagnostics())
                .anySatisfy(fault -> assertThat(fault).contains("raw.a_2 starts after raw.a, which comes back to"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | the landing names no source. Use http, kafka, files or jdbc.",
                "{jdbc: {url: 'jdbc:postgresql://db/shop'}} | 'table' is missing.",
                "{http: {url: 'http://a'}, kafka: {topics: [a]}} | a landing from http and kafka at once.",
                "{http: {}} | 'url' is missing.",
                "{http: {url: 'ftp://a/b'}} | the URL 'ftp://a/b' is neither http nor https.",
                "{http: {url: 'http:///b'}} | names no host.",
                "{http: {url: 'http:b'}} | names no host.",
                "{http: {url: 'http://a b'}} | is not a URL",
                "{http: {url: 'http://u:p@a'}} | definitions are no place for credentials.",
                "{http: {url: 'http://a?b=c'}} | holds '?' or '#', which params are for.",
                "{http: {url: 'http://a/{date}'}} | holds {…}. Only params are filled in: put it there.",
                "{http: {url: '${api}/v1'}} | holds a malformed variable.",
                "{http: {url: 'http://a', params: {d: '{dat}'}}} | unknown placeholder {dat} in parameter d (did you"
                        + " mean date?). Use {date} for the date that is landed.",
                "{http: {url: 'http://a', params: {d: null}}} | 'd' is empty.",
                "{http: {url: 'http://a', format: csv}} | format csv is not supported yet by this version of Igarapé.",
                "{http: {url: 'http://a', format: jsn}} | unknown format 'jsn' (did you mean json?). Use json.",
                "{http: {url: 'http://a', pages: {param: p}}} | 'limit' is missing.",
                "{http: {url: 'http://a', params: {p: 1}, pages: {param: p, limit: 2}}} | 'p' counts the pages and"
                        + " stands in params too.",
                "{kafka: {topic: [a], topics: [b]}} | unknown key 'topic' in kafka (did you mean topics?).",
                "{kafka: {topics: a}} | 'topics' is text where a list belongs.",
                "{kafka: {topics: []}} | 'topics' is empty.",
                "{kafka: {topics: [a, a]}} | topic a is given twice.",
                "{kafka: {topics: [a/b]}} | 'a/b' is not a topic name.",
                "{kafka: {topics: [a..b]}} | 'a..b' is not a topic name.",
                "{kafka: {topics: ['']}} | an item of 'topics' is empty",
                "{kafka: {topics: [a], start: earlist}} | unknown start 'earlist' (did you mean earliest?).",
                "{kafka: {topics: [a], start: 2024-01-01}} | unknown start '2024-01-01'.",
                "{kafka: {topics: [a], start: after trusted.a}} | unknown start 'after trusted.a'",
                "{kafka: {topics: [a], start: after raw.none}} | starts after raw.none, which does not land a. Name the"
                        + " table that has landed these topics until now.",
                "{kafka: {topics: [a], tombstones: dorp}} | unknown tombstones 'dorp' (did you mean drop?). Use drop or"
                        + " quarantine.",
                "{kafka: {topics: [a], format: jsn}} | unknown format 'jsn' (did you mean json?). Use avro, json or"
                        + " bytes.",
                "{kafka: {topics: [a], format: bytes, event_time: b}} | 'event_time' with format bytes",
                "{files: {format: csv}} | 'path' is missing.",
                "{files: {path: /a/*}} | 'format' is missing.",
                "{files: {path: /a/*, format: cvs}} | unknown format 'cvs' (did you mean csv?). Use csv, json, text, avro or"
                        + " parquet.",
                "{files: {path: a/*.csv, format: csv}} | 'a/*.csv' is no path from the root of a file system.",
                "{files: {path: /a/../b, format: csv}} | '/a/../b' is no path from the root of a file system.",
                "{files: {path: '/{date}/{date}', format: csv}} | {date} is given twice. Write * for the other one.",
                "{files: {path: '/{day}/a', format: csv}} | unknown placeholder {day} (did you mean {date}?). Use {date},",
                "{files: {path: '/{a', format: csv}} | '/{a' holds a brace that is not closed or not opened.",
                "{files: {path: '/{yyyy}/{MM}/a', format: csv}} | says parts of a date, but not all of {yyyy}, {MM} and"
                        + " {dd}.",
                "{files: {path: '/{date}/{HH}', format: csv}} | {date} beside parts of a date.",
                "{files: {path: '/{Year}/a', format: csv}} | unknown placeholder {Year} (did you mean {yyyy}?).",
                "{files: {path: '/{EventHub}/a', format: avro}} | {EventHub} is for captures of Event Hubs. Write"
                        + " `envelope: event-hubs`, or * in its place.",
                "{files: {path: '/{PartitionId}/a', format: csv, envelope: event-hubs}} | envelope event-hubs with format"
                        + " csv. Captures are Avro: use format avro.",
                "{files: {path: '/{EventHub}/a', format: avro, envelope: event-hubs}} | the path of captures names no"
                        + " {PartitionId}",
                "{files: {path: '/{PartitionId}/a', format: avro, envelope: eventhubs}} | unknown envelope 'eventhubs' (did"
                        + " you mean event-hubs?). Use event-hubs.",
                "{files: {path: /a, format: avro, encoding: utf-16}} | 'encoding' is for text. Take it out.",
                "{files: {path: '/{date}/a', format: csv, overlap: 2 hours}} | '2 hours' is no number of days. Write days,",
                "{files: {path: /a, format: csv, overlap: 2 days}} | 'overlap' with a path without dates",
                "{files: {path: /a, format: json, delimiter: ';'}} | 'delimiter' is for CSV.",
                "{files: {path: /a, format: csv, delimiter: ''}} | '' can't separate cells.",
                "{files: {path: /a, format: csv, delimiter: '\"'}} | can't separate cells.",
                "{files: {path: /a, format: csv, header: [b, b]}} | column b is given twice.",
                "{files: {path: /a, format: csv, encoding: windows1252}} | unknown encoding 'windows1252' (did you mean"
                        + " windows-1252?). Use the IANA name of a character set,",
                "{files: {path: /a, format: json, encoding: 'no charset'}} | unknown encoding 'no charset'.",
                "{files: {path: /a, format: csv, encoding: 1252}} | 'encoding' is a number where text belongs.",
                "{files: {path: /a, format: csv, encoding: x-JISAutoDetect}} | unknown encoding 'x-JISAutoDetect'.",
                "{jdbc: {url: 'jdbc:mysql://db/shop', table: a}} | 'jdbc:mysql://db/shop' is neither a PostgreSQL nor a"
                        + " MariaDB database. Write for example jdbc:postgresql://db:5432/shop, jdbc:mariadb://db:3306/shop",
                "{jdbc: {url: 'jdbc:mariadb://db/shop', table: a, drain: true}} | 'drain' on a table of MariaDB. Landings"
                        + " drain tables of PostgreSQL alone",
                "{jdbc: {url: 'jdbc:mariadb://db/shop?user=a&keyStorePassword=x', table: a}} | holds a password",
                "{jdbc: {url: 'jdbc:mariadb://db/shop?keyStorePassword=${KEY}x', table: a}} | holds a password",
                "{jdbc: {url: 'jdbc:postgresql://db/shop?password=x', table: a}} | holds a password",
                "{jdbc: {url: 'jdbc:postgresql://db/shop?password=${KEY}', table: a}} | holds a password",
                "{jdbc: {url: '${DB}', password: secret, table: a}} | 'password' is written out",
                "{jdbc: {url: '${DB}', table: 'a; DROP'}} | 'a; DROP' is not the name of a table.",
                "{jdbc: {url: '${DB}', table: order lines}} | a name of other characters in double quotes: 'shop.",
                "{jdbc: {url: '${DB}', table: a, by: \"b\\nc\"}} | is not the name of a column.",
                "{jdbc: {url: '${DB}', table: a, drain: id}} | 'drain' is text where true or false belongs. Write `drain: true` for an outbox",
                "{kafka: {topics: [a], event_time: a.b}} | 'a.b' is not a field's name.",
                "{kafka: {topics: [a], commit: {every: 5 minutes}}} | unknown key 'commit' in kafka",
                "{kafka: {topics: [a]}, commit: 5 minutes} | 'commit' is text where a mapping belongs. Write `commit:"
                        + " {every: 5 minutes, or_size: 100 MB}`, or one of the two.",
                "{kafka: {topics: [a]}, commit: {}} | pipeline.yaml:7: 'commit' says neither a time nor a size. Write"
                        + " `commit: {every: 5 minutes, or_size: 100 MB}`, or one of the two.",
                "{kafka: {topics: [a]}, commit: {size: 100 MB}} | unknown key 'size' in commit",
                "{kafka: {topics: [a]}, commit: {every: 5 min}} | pipeline.yaml:7: '5 min' is no time. Write a time,"
                        + " such as `every: 30 seconds` or `every: 5 minutes`.",
                "{kafka: {topics: [a]}, commit: {every: 0 minutes}} | '0 minutes' is no time.",
                "{kafka: {topics: [a]}, commit: {every: 5}} | 'every' is a number where text belongs.",
                "{files: {path: /a/*, format: csv}, commit: {or_size: 100MB}} | '100MB' is no size. Write a size of three"
                        + " digits at most, such as `or_size: 100 MB` or `or_size: 1 GB`.",
                "{files: {path: /a/*, format: csv}, commit: {every: 1 minute, or_size: 1 TB}} | '1 TB' is no size.",
                "{http: {url: 'http://a'}, commit: {every: 1 hour}} | pipeline.yaml:7: 'commit' on a landing from http: it"
                        + " lands dates, one commit each, when a run asks for them. Take it out: it is for landings"
                        + " from kafka and files.",
                "{jdbc: {url: '${DB}', table: a}, commit: {or_size: 1 MB}} | 'commit' on a landing from jdbc",
                "{kafka: {topics: [a], partition_by: record_nam}} | unknown partition_by 'record_nam' (did you mean"
                        + " record_name?). Use record_name or topic. A field's value is no partition of a landing",
                "{kafka: {topics: [a], format: json, partition_by: record_name}} | 'partition_by: record_name' with format"
                        + " json,"
                        + " whose values name no record."
            })
    void areChecked(String landing, String fault) {
        assertThat(project(landing).diagnostics()).singleElement().asString().contains(fault);
    }

    /** flink-cdc#3929: the database's names, and the lake's. */
    @Test
    void ofADatabaseMayNameAndTypeColumns() {
        Table table = new TestProject(folder)
                .tables("""
                          raw.orders:
                            landing: {jdbc: {url: '${DB}?sslpassword=${KEY}', table: 'shop."Order Lines"', by: createdAt}}
                            columns:
                              created_at: {from: createdAt}
                              order_date: {from: date, type: date}
                              amount: "decimal(20,4)"
                              note: {type: timestamp_ntz}
                        """)
                .manifest()
                .pipelines()
                .get(0)
                .tables()
                .get(0);
        assertThat(table.columns())
                .containsExactly(
                        Map.entry("order_date", "date"),
                        Map.entry("amount", "decimal(20,4)"),
                        Map.entry("note", "timestamp_ntz"));
        assertThat(((LandingDefinition) table.definition()).source())
                .isEqualTo(new Source.Jdbc(
                        "${DB}?sslpassword=${KEY}",
                        "",
                        "",
                        "shop.\"Order Lines\"",
                        Optional.of("createdAt"),
                        Map.of("created_at", "createdAt", "order_date", "date")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{date: {from: date}} | Give the database's column another name: `source_date: {from: date}`.",
                "{createdAt: timestamp} | the database's own name goes behind it, `order_id: {from: orderId}`.",
                "{at: {}} | 'at' is empty.",
                "{at: {form: At}} | unknown key 'form' in a column (did you mean from?).",
                "{at: {from: 3}} | 'from' is a number where text belongs.",
                "{at: datetime} | 'datetime' is not a column type",
                "{} | 'columns' is empty."
            })
    void columnsOfADatabaseAreChecked(String columns, String fault) {
        String landing = "  raw.orders:\n    landing: {jdbc: {url: '${DB}', table: a}}\n";
        assertThat(new TestProject(folder)
                        .tables(landing, "    columns: " + columns + "\n")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @ParameterizedTest
    @ValueSource(strings = {"expect: {x: {check: a, on_fail: warn}}", "columns: {a: int}"})
    void keepWhatTheyReceive(String more) {
        assertThat(new TestProject(folder)
                        .tables(TestProject.LANDING, "    " + more + "\n")
                        .diagnostics())
                .singleElement()
                .asString()
                .contains("on a landing: it keeps what it receives");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | pipelines/shop/a.avsc:1: is not JSON",
                "\"string\" | pipelines/shop/a.avsc: is not the Avro schema of a record.",
                "{\"type\": \"record\", \"fields\": [{\"name\": \"at2\", \"type\": \"string\"}]} | pipeline.yaml:7:"
                        + " there is no field at in pipelines/shop/a.avsc (did you mean at2?). Name one of: at2.",
                "{\"type\": \"record\", \"fields\": [{\"name\": \"at\", \"type\": \"long\"}]} | field at of"
                        + " pipelines/shop/a.avsc is not a time."
            })
    void compareEventTimeWithTheSchema(String schema, String fault) {
        assertThat(project("{kafka: {topics: [a], event_time: at}}")
                        .with("pipelines/shop/a.avsc", schema)
                        .diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"string\"",
                "[\"null\", \"string\"]",
                "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}",
                "{\"type\": \"int\", \"logicalType\": \"date\"}"
            })
    void dateByTimes(String type) {
        assertThat(project("{kafka: {topics: [a], event_time: at}}")
                        .with(
                                "pipelines/shop/a.avsc",
                                "{\"type\": \"record\", \"fields\": [{\"name\": \"at\", \"type\": " + type + "}]}")
                        .diagnostics())
                .isEmpty();
    }

    private TestProject project(String landing) {
        return new TestProject(folder).tables("  raw.orders:\n    landing: " + landing.strip() + "\n");
    }

    private Source source(String landing) {
        Definition definition = project("{" + landing + "}")
                .manifest()
                .table(TableName.parse("raw.orders"))
                .orElseThrow()
                .definition();
        return ((LandingDefinition) definition).source();
    }
}
